/** The card of one car. */

import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { classMap } from "lit/directives/class-map.js";
import { guard } from "lit/directives/guard.js";
import { readCharges, type Charge } from "./charges";
import { controls, type Control } from "./controls";
import type { CardConfig, HassEntity, HomeAssistant } from "./hass";
import { loadMap } from "./helpers";
import "./level-ring";
import { readLastStates } from "./history";
import {
  clockTime,
  localize,
  percentage,
  relativeTime,
  textLanguage,
  type TextKey,
} from "./localize";
import { loadRoute, paths, type MapElement, type Path, type Point } from "./map";
import { joined, records } from "./records";
import { styles } from "./styles";
import {
  DOMAIN,
  Vehicle,
  deviceName,
  entityIds,
  hasChanged,
  vehicleDevices,
  type EntityKey,
} from "./vehicle";

export const CARD_TYPE = "stellantis-connect-card";

const LOW_LEVEL = 20;
const CONFIRM_MS = 10_000;
/** Until a second press is not a part of a double tap. */
const DOUBLE_TAP_MS = 800;
const MINUTE_MS = 60_000;
/** Room on the map for the car, in pixels. */
const MARKER = { top: 60, right: 30, bottom: 16, left: 30 };
const OPENINGS = [
  "opening_driver",
  "opening_passenger",
  "opening_rear_left",
  "opening_rear_right",
  "opening_trunk",
  "opening_rear_window",
  "opening_roof_window",
];

/** The press of a control that has to be pressed again. */
interface Confirmation {
  key: EntityKey;
  possible: boolean;
}

@customElement(CARD_TYPE)
export class StellantisConnectCard extends LitElement {
  @property({ attribute: false }) hass?: HomeAssistant;
  @state() private config?: CardConfig;
  @state() private now = new Date();
  @state() private confirmation: Confirmation | undefined;
  @state() private route: Path | undefined;
  @state() private mapLoaded = false;
  @state() private charges: Charge[] | undefined;
  private ids: ReadonlyMap<EntityKey, string> = new Map();
  private lastStates = new Map<string, HassEntity>();
  private lastTrip: string | undefined;
  private lastCharge: string | undefined;
  private outageSince: number | undefined;
  private shownOnMap = "";
  private timers: ReturnType<typeof setInterval>[] = [];

  static override styles = styles;

  static getStubConfig(hass: HomeAssistant): Partial<CardConfig> {
    const [device] = vehicleDevices(hass);
    return device ? { device_id: device.id } : {};
  }

  static getConfigForm() {
    const boolean = { boolean: {} };
    const options = ["show_picture", "show_map", "show_history"];
    return {
      schema: [
        {
          name: "device_id",
          required: true,
          selector: { device: { integration: DOMAIN, entity: { domain: "sensor" } } },
        },
        ...options.map((name) => ({ name, default: true, selector: boolean })),
      ],
      computeLabel: (schema: { name: string }) =>
        localize(
          document.documentElement.lang,
          schema.name === "device_id" ? "editor_device" : (`editor_${schema.name}` as TextKey),
        ),
    };
  }

  setConfig(config: CardConfig): void {
    this.config = { show_picture: true, show_map: true, show_history: true, ...config };
    this.lastStates = new Map();
    this.route = undefined;
    this.lastTrip = undefined;
    this.charges = undefined;
    this.lastCharge = undefined;
    this.outageSince = undefined;
  }

  getCardSize(): number {
    return 6;
  }

  getGridOptions() {
    return { columns: 12, min_columns: 6, rows: "auto" };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.now = new Date();
    this.timers.push(
      setInterval(() => {
        this.now = new Date();
      }, MINUTE_MS),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const timer of this.timers.splice(0)) clearInterval(timer);
    // The map is created again with the next connection.
    this.shownOnMap = "";
  }

  protected override shouldUpdate(changed: PropertyValues): boolean {
    if (changed.size > 1 || !changed.has("hass") || !this.hass) return true;
    return hasChanged(changed.get("hass") as HomeAssistant, this.hass, this.ids.values());
  }

  protected override willUpdate(changed: PropertyValues): void {
    const before = changed.get("hass") as HomeAssistant | undefined;
    if (!this.hass || !this.config?.device_id) return;
    if (changed.has("config") || before?.entities !== this.hass.entities) {
      this.ids = entityIds(this.hass, this.config.device_id);
    }
    if (changed.has("hass")) this.now = new Date();
  }

  protected override updated(): void {
    const { hass, config } = this;
    if (!hass || !config?.device_id) return;
    const vehicle = new Vehicle(hass, this.ids, this.lastStates);
    const since = vehicle.outage?.since.getTime();
    if (since !== this.outageSince) {
      this.outageSince = since;
      if (since !== undefined) void this.restoreLastStates(hass);
    }
    const lastCharge = vehicle.lastCharge;
    if (config.show_history && lastCharge !== undefined && lastCharge !== this.lastCharge) {
      this.lastCharge = lastCharge;
      void this.showCharges(hass, config.device_id);
    }
    if (!config.show_map || !vehicle.position) return;
    if (!this.mapLoaded) void this.showMap();
    this.fitMap(vehicle.position.point);
    const trip = vehicle.lastTrip;
    if (trip !== undefined && trip !== this.lastTrip) {
      this.lastTrip = trip;
      void this.showRoute(hass, config.device_id, trip);
    }
  }

  /** Get what was known before the page was opened. */
  private async restoreLastStates(hass: HomeAssistant): Promise<void> {
    const ids = [...this.ids.values()].filter((id) => !this.lastStates.has(id));
    // Without history, the card shows what has a state.
    for (const state of await readLastStates(hass, ids).catch(() => [])) {
      this.lastStates.set(state.entity_id, state);
    }
    this.requestUpdate();
  }

  private async showCharges(hass: HomeAssistant, deviceId: string): Promise<void> {
    try {
      this.charges = await readCharges(hass, deviceId);
    } catch {
      // The integration is not loaded yet: read them with the next update.
      this.lastCharge = undefined;
    }
  }

  /** Show the whole route and the car when either changes. */
  private fitMap(position: Point): void {
    const map = this.renderRoot.querySelector<MapElement>("ha-map");
    const points = [position, ...(this.route?.points ?? []).map(({ point }) => point)];
    const shown = JSON.stringify(points);
    if (!map || shown === this.shownOnMap) return;
    this.shownOnMap = shown;
    map.fitBounds?.(points, { pad: 0.1, padding: MARKER });
  }

  private async showMap(): Promise<void> {
    this.mapLoaded = await loadMap();
  }

  private async showRoute(hass: HomeAssistant, deviceId: string, trip: string): Promise<void> {
    const route = await loadRoute(hass, deviceId, trip);
    if (trip === this.lastTrip) this.route = route;
  }

  protected override render(): TemplateResult {
    const { hass, config } = this;
    if (!hass || !config?.device_id) return this.renderMessage("no_device");
    const device = hass.devices[config.device_id];
    if (!device) return this.renderMessage("unknown_device");
    const vehicle = new Vehicle(hass, this.ids, this.lastStates);
    return html`
      <ha-card>
        <div class="content">
          <header>
            <h2>${deviceName(device)}</h2>
            ${this.renderAge(vehicle)}
          </header>
          ${this.renderBanners(vehicle)} ${this.renderHero(vehicle)} ${this.renderControls(vehicle)}
          ${config.show_map ? this.renderMap(vehicle) : nothing}
          ${config.show_history ? records(hass.locale.language, vehicle, this.charges, this.now) : nothing}
        </div>
      </ha-card>
    `;
  }

  private text(key: TextKey, placeholders: Record<string, string | number> = {}): string {
    return localize(this.hass?.locale.language ?? "en", key, placeholders);
  }

  private renderMessage(key: TextKey): TemplateResult {
    return html`<ha-card><div class="content">${this.text(key)}</div></ha-card>`;
  }

  private renderAge(vehicle: Vehicle) {
    const updated = vehicle.updatedAt;
    if (!updated || !this.hass) return nothing;
    const isRecent = this.now.getTime() - updated.getTime() < MINUTE_MS;
    const age = relativeTime(textLanguage(this.hass.locale.language), updated, this.now);
    return html`<span class="secondary"
      >${isRecent ? this.text("updated_now") : this.text("updated", { age })}</span
    >`;
  }

  private renderBanners(vehicle: Vehicle) {
    const { hass } = this;
    const { criticalAlerts, outage } = vehicle;
    const errors = [...(vehicle.isAlarmTriggered ? [this.text("alarm")] : []), ...criticalAlerts];
    return html`
      ${errors.map(
        (error) =>
          html`<div class="banner error" role="alert">
            <ha-icon icon="mdi:alert"></ha-icon>${error}
          </div>`,
      )}
      ${
        outage && hass
          ? html`<div class="banner info" role="status">
              <ha-icon icon="mdi:cloud-off-outline"></ha-icon>
              ${this.text(outage.isRunning ? "unavailable" : "not_running", {
                time: clockTime(hass, outage.since, this.now),
              })}
            </div>`
          : nothing
      }
    `;
  }

  private renderHero(vehicle: Vehicle) {
    const picture = this.config?.show_picture ? vehicle.picture : undefined;
    const { level, range, secondRange, chargeLimit } = vehicle;
    const language = this.hass?.locale.language ?? "en";
    const percent = level ? percentage(language, level.percent) : "";
    return html`
      <div class="hero">
        ${picture ? html`<div class="picture"><img src=${picture} alt="" /></div>` : nothing}
        ${
          level
            ? html`<stellantis-connect-level-ring
                .level=${level.percent}
                .limit=${level.electric ? chargeLimit : undefined}
                .text=${percent}
                .label=${`${this.text(level.electric ? "battery" : "fuel")}: ${percent}`}
                .fuel=${!level.electric}
                ?charging=${vehicle.isCharging}
                ?low=${level.percent < LOW_LEVEL}
              ></stellantis-connect-level-ring>`
            : nothing
        }
        <div class="facts">
          ${
            range
              ? html`<span class="secondary">${this.text("range")}</span>
                  <bdi class="range">${range}</bdi>`
              : nothing
          }
          ${
            secondRange.length > 0
              ? html`<span>${this.text("fuel")} ${joined(secondRange)}</span>`
              : nothing
          }
          ${this.renderCharging(vehicle)} ${this.renderOpenings(vehicle)}
        </div>
      </div>
    `;
  }

  private renderCharging(vehicle: Vehicle) {
    const { hass } = this;
    const { chargingState, chargeLimit } = vehicle;
    if (chargingState === undefined || !hass) return nothing;
    const end = vehicle.isCharging ? vehicle.time("sensor.charging_end") : undefined;
    const power = vehicle.isCharging ? vehicle.text("sensor.charging_power") : undefined;
    const lines = [
      power === undefined ? [chargingState] : [chargingState, power],
      end ? [this.text("until", { time: clockTime(hass, end, this.now) })] : [],
      chargeLimit === undefined
        ? []
        : [this.text("limit", { limit: percentage(hass.locale.language, chargeLimit) })],
    ];
    return lines
      .filter((line) => line.length > 0)
      .map((line) => html`<span class="secondary">${joined(line)}</span>`);
  }

  private renderOpenings(vehicle: Vehicle) {
    const open = OPENINGS.map((key): EntityKey => `binary_sensor.${key}`)
      .filter((key) => vehicle.value(key) === "on")
      .map((key) => vehicle.name(key));
    return open.length > 0
      ? html`<span>${this.text("open", { names: open.join(", ") })}</span>`
      : nothing;
  }

  private renderControls(vehicle: Vehicle) {
    const offered = controls(vehicle);
    if (offered.length === 0) return nothing;
    return html`<div class="controls">
        ${offered.map((control) => this.renderControl(control, vehicle))}
      </div>
      <div class="announcement" role="status">${this.announcement(offered, vehicle)}</div>`;
  }

  /** Return what a screen reader says while a control changes. */
  private announcement(offered: Control[], vehicle: Vehicle): string {
    if (this.confirmation) return this.text("confirm_unlock");
    const pending = offered.find((control) => control.pending);
    return pending ? `${this.text(pending.label)}: ${this.progress(pending, vehicle)}` : "";
  }

  private progress(control: Control, vehicle: Vehicle): string {
    return vehicle.progress(control.key) ?? this.text("pending");
  }

  private renderControl(control: Control, vehicle: Vehicle) {
    const confirmation = this.confirmationOf(control);
    const status = control.pending
      ? this.progress(control, vehicle)
      : this.text(confirmation ? "confirm_unlock" : control.state);
    const isDisabled =
      control.pending || control.action === undefined || confirmation?.possible === false;
    return html`<button
      class=${classMap({ control: true, active: control.active, pending: control.pending })}
      aria-label=${`${this.text(control.label)}: ${status}. ${control.action ? this.text(control.action) : ""}`}
      aria-disabled=${String(isDisabled)}
      @click=${() => {
        this.press(control);
      }}
    >
      <ha-icon .icon=${control.icon}></ha-icon>
      <span>${this.text(control.label)}</span>
      <span class="secondary">${status}</span>
    </button>`;
  }

  private press(control: Control): void {
    const id = this.ids.get(control.key);
    if (control.pending || control.action === undefined || id === undefined) return;
    if (control.confirm) {
      const confirmation = this.confirmationOf(control);
      if (!confirmation) this.confirm(control.key);
      if (!confirmation?.possible) return;
    }
    this.confirmation = undefined;
    // Home Assistant shows the message of a failed action.
    this.hass
      ?.callService(control.domain, control.service, {}, { entity_id: id })
      .catch(() => undefined);
  }

  private confirmationOf({ key }: Control): Confirmation | undefined {
    return this.confirmation?.key === key ? this.confirmation : undefined;
  }

  /** Wait for a second press, which must not be a part of a double tap. */
  private confirm(key: EntityKey): void {
    const first: Confirmation = { key, possible: false };
    const second: Confirmation = { key, possible: true };
    this.confirmation = first;
    setTimeout(() => {
      if (this.confirmation === first) this.confirmation = second;
    }, DOUBLE_TAP_MS);
    setTimeout(() => {
      if (this.confirmation === second) this.confirmation = undefined;
    }, CONFIRM_MS);
  }

  private renderMap(vehicle: Vehicle) {
    const id = this.ids.get("device_tracker.position");
    const { position } = vehicle;
    if (id === undefined || !position) return nothing;
    // The map shows no entity that is unavailable.
    const last = vehicle.isAvailable("device_tracker.position") ? undefined : position;
    return html`<div class="map">
      ${
        this.mapLoaded
          ? html`<ha-map
              .entities=${guard([id], () => [id])}
              .paths=${guard([this.route, last?.point.join()], () => paths(this.route, last))}
            ></ha-map>`
          : nothing
      }
    </div>`;
  }
}
