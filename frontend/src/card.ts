/** The card of one car. */

import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { classMap } from "lit/directives/class-map.js";
import { controls, type Control } from "./controls";
import type { CardConfig, HassEntity, HomeAssistant } from "./hass";
import "./level-ring";
import { clockTime, localize, relativeTime, type TextKey } from "./localize";
import { loadMap, readRoute, type Route } from "./map";
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
const CONFIRM_MS = 4000;
const MINUTE_MS = 60_000;
const OPENINGS = [
  "opening_driver",
  "opening_passenger",
  "opening_rear_left",
  "opening_rear_right",
  "opening_trunk",
  "opening_rear_window",
  "opening_roof_window",
];

@customElement(CARD_TYPE)
export class StellantisConnectCard extends LitElement {
  @property({ attribute: false }) hass?: HomeAssistant;
  @state() private config?: CardConfig;
  @state() private now = new Date();
  @state() private confirming: EntityKey | undefined;
  @state() private route: Route | undefined;
  @state() private routeMissing = false;
  @state() private mapLoaded = false;
  private ids: ReadonlyMap<EntityKey, string> = new Map();
  private lastStates = new Map<string, HassEntity>();
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
    this.routeMissing = false;
  }

  getCardSize(): number {
    return 6;
  }

  getGridOptions() {
    return { columns: 12, min_columns: 6, rows: "auto" };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.timers.push(
      setInterval(() => {
        this.now = new Date();
      }, MINUTE_MS),
    );
    void loadMap().then((loaded) => {
      this.mapLoaded = loaded;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const timer of this.timers.splice(0)) clearInterval(timer);
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
          ${config.show_history ? this.renderHistory(vehicle) : nothing}
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
    const updated = vehicle.time("sensor.last_update");
    if (!updated || !this.hass) return nothing;
    const age = relativeTime(this.hass.locale.language, updated, this.now);
    return html`<span class="secondary">${this.text("updated", { age })}</span>`;
  }

  private renderBanners(vehicle: Vehicle) {
    const { hass } = this;
    const since = vehicle.unavailableSince;
    const critical = vehicle.alerts.filter((alert) => alert.critical).map(({ name }) => name);
    const errors = [...(vehicle.isAlarmTriggered ? [this.text("alarm")] : []), ...critical];
    return html`
      ${errors.map(
        (error) =>
          html`<div class="banner error" role="alert">
            <ha-icon icon="mdi:alert"></ha-icon>${error}
          </div>`,
      )}
      ${
        since && hass
          ? html`<div class="banner info" role="status">
              <ha-icon icon="mdi:cloud-off-outline"></ha-icon>
              ${this.text("unavailable", { time: clockTime(hass, since, this.now) })}
            </div>`
          : nothing
      }
    `;
  }

  private renderHero(vehicle: Vehicle) {
    const picture = this.config?.show_picture ? vehicle.picture : undefined;
    const { level, range, chargeLimit } = vehicle;
    return html`
      <div class="hero">
        ${picture ? html`<div class="picture"><img src=${picture} alt="" /></div>` : nothing}
        ${
          level
            ? html`<stellantis-connect-level-ring
                .level=${level.percent}
                .limit=${level.electric ? chargeLimit : undefined}
                .label=${`${Math.round(level.percent)}%`}
                ?charging=${vehicle.isCharging}
                ?low=${level.percent < LOW_LEVEL}
              ></stellantis-connect-level-ring>`
            : nothing
        }
        <div class="facts">
          ${
            range
              ? html`<span class="secondary">${this.text("range")}</span>
                  <span class="range">${range}</span>`
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
    const parts = [
      chargingState,
      vehicle.isCharging ? vehicle.text("sensor.charging_power") : undefined,
      end && this.text("until", { time: clockTime(hass, end, this.now) }),
      chargeLimit === undefined ? undefined : this.text("limit", { limit: chargeLimit }),
    ].filter((part) => part !== undefined);
    return html`<span class="secondary">${parts.join(" · ")}</span>`;
  }

  private renderOpenings(vehicle: Vehicle) {
    const open = OPENINGS.map((key): EntityKey => `binary_sensor.${key}`)
      .filter((key) => vehicle.value(key) === "on")
      .map((key) => vehicle.entity(key)?.attributes.friendly_name ?? "");
    return open.length > 0
      ? html`<span>${this.text("open", { names: open.join(", ") })}</span>`
      : nothing;
  }

  private renderControls(vehicle: Vehicle) {
    const offered = controls(vehicle);
    if (offered.length === 0) return nothing;
    return html`<div class="controls">
      ${offered.map((control) => this.renderControl(control, vehicle))}
    </div>`;
  }

  private renderControl(control: Control, vehicle: Vehicle) {
    const confirming = this.confirming === control.key;
    const progress = vehicle.text("sensor.last_command") ?? this.text("pending");
    const status = control.pending
      ? progress
      : this.text(confirming ? "confirm_unlock" : control.state);
    return html`<button
      class=${classMap({ control: true, active: control.active, pending: control.pending })}
      aria-label=${`${this.text(control.action)}. ${status}`}
      aria-disabled=${control.pending ? "true" : "false"}
      @click=${() => {
        this.press(control);
      }}
    >
      <ha-icon .icon=${control.icon}></ha-icon>
      <span>${this.text(control.label)}</span>
      <span class="secondary" aria-live="polite">${status}</span>
    </button>`;
  }

  private press(control: Control): void {
    const id = this.ids.get(control.key);
    if (control.pending || id === undefined) return;
    if (control.confirm && this.confirming !== control.key) {
      this.confirming = control.key;
      setTimeout(() => {
        this.confirming = undefined;
      }, CONFIRM_MS);
      return;
    }
    this.confirming = undefined;
    // Home Assistant shows the message of a failed action.
    this.hass
      ?.callService(control.domain, control.service, {}, { entity_id: id })
      .catch(() => undefined);
  }

  private renderMap(vehicle: Vehicle) {
    const id = this.ids.get("device_tracker.position");
    if (id === undefined || !this.mapLoaded || !vehicle.entity("device_tracker.position")) {
      return nothing;
    }
    return html`
      <div class="map">
        <ha-map
          .hass=${this.hass}
          .entities=${[id]}
          .paths=${this.route ? [this.route] : []}
          .autoFit=${true}
        ></ha-map>
      </div>
      ${
        this.ids.has("sensor.last_trip_distance")
          ? html`<button class="route" @click=${this.toggleRoute}>
              ${this.text(this.route ? "hide_route" : "show_route")}
            </button>`
          : nothing
      }
      ${
        this.routeMissing
          ? html`<span class="secondary" role="status">${this.text("no_route")}</span>`
          : nothing
      }
    `;
  }

  private readonly toggleRoute = async (): Promise<void> => {
    this.routeMissing = false;
    if (this.route || !this.hass || !this.config?.device_id) {
      this.route = undefined;
      return;
    }
    try {
      this.route = await readRoute(this.hass, this.config.device_id);
    } catch {
      this.route = undefined;
    }
    this.routeMissing = this.route === undefined;
  };

  private renderHistory(vehicle: Vehicle) {
    const rows: [TextKey, EntityKey, EntityKey[]][] = [
      [
        "last_trip",
        "sensor.last_trip_end",
        [
          "sensor.last_trip_distance",
          "sensor.last_trip_electric_consumption",
          "sensor.last_trip_fuel_consumption",
        ],
      ],
      [
        "last_charge",
        "sensor.last_charge_end",
        ["sensor.last_charge_energy", "sensor.last_charge_cost"],
      ],
    ];
    const shown = rows
      .map(([label, end, keys]) => ({
        label,
        values: keys.map((key) => vehicle.text(key)).filter((text) => text !== undefined),
        end: vehicle.time(end),
      }))
      .filter(({ values }) => values.length > 0);
    if (shown.length === 0) return nothing;
    const language = this.hass?.locale.language ?? "en";
    return html`<dl>
      ${shown.map(
        ({ label, values, end }) =>
          html`<div>
            <dt>${this.text(label)}</dt>
            <dd>${values.join(" · ")}</dd>
            ${
              end
                ? html`<dd class="secondary">${relativeTime(language, end, this.now)}</dd>`
                : nothing
            }
          </div>`,
      )}
    </dl>`;
  }
}
