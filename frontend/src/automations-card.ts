/** The card that creates and lists the automations of one car. */

import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import {
  createAutomation,
  deviceNameOf,
  ensureBlueprint,
  offeredBlueprints,
  ownPhones,
  readAutomations,
  type Automation,
} from "./automations";
import { automationsStyles } from "./automations-styles";
import { BLUEPRINTS, type Blueprint, type BlueprintName } from "./blueprints";
import { navigate, reasonOf, type CardConfig, type HomeAssistant } from "./hass";
import { loadForm, loadToggle } from "./helpers";
import { localize, percentage, relativeTime, textLanguage, type TextKey } from "./localize";
import { styles } from "./styles";
import { DOMAIN, deviceName, hasChanged, vehicleDevices } from "./vehicle";

export const AUTOMATIONS_TYPE = "stellantis-connect-automations";

const BLUEPRINTS_PAGE = "/config/blueprint/dashboard";
/** Until a saved automation must have appeared. */
const APPEAR_MS = 15_000;
const PERCENTAGES = ["level", "minimum", "maximum"];

/** What only the owner knows about an automation. */
interface Form {
  name: BlueprintName;
  schema: { name: string; required: true; selector: unknown }[];
  data: Record<string, unknown>;
}

@customElement(AUTOMATIONS_TYPE)
export class StellantisConnectAutomations extends LitElement {
  @property({ attribute: false }) hass?: HomeAssistant;
  @state() private config?: CardConfig;
  @state() private automations: Automation[] | undefined;
  @state() private creating: { name: BlueprintName; id: string } | undefined;
  @state() private form: Form | undefined;
  @state() private createError: string | undefined;
  @state() private readError: string | undefined;
  @state() private hasToggles = false;
  /** All automations that are registered. */
  private ids: string[] = [];
  /** The car and all loaded automations when those of the car were last read. */
  private read = "";
  /** The blueprint whose button has the focus, which its next element gets. */
  private focused: string | undefined;

  static override styles = [styles, automationsStyles];

  static getStubConfig(hass: HomeAssistant): Partial<CardConfig> {
    const [device] = vehicleDevices(hass);
    return device ? { device_id: device.id } : {};
  }

  static getConfigForm() {
    const selector = { device: { integration: DOMAIN, entity: { domain: "sensor" } } };
    return {
      schema: [{ name: "device_id", required: true, selector }],
      computeLabel: () => localize(document.documentElement.lang, "editor_device"),
    };
  }

  setConfig(config: CardConfig): void {
    const isSameCar = config.device_id === this.config?.device_id;
    this.config = config;
    // A generated dashboard is generated again when an automation has been created.
    if (isSameCar) return;
    this.automations = undefined;
    this.form = undefined;
    this.createError = undefined;
    this.readError = undefined;
    this.read = "";
  }

  getCardSize(): number {
    return 8;
  }

  getGridOptions() {
    return { columns: 12, min_columns: 6, rows: "auto" };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Automations may have been edited meanwhile.
    this.read = "";
    this.requestUpdate();
  }

  protected override shouldUpdate(changed: PropertyValues): boolean {
    if (changed.size > 1 || !changed.has("hass") || !this.hass) return true;
    return hasChanged(changed.get("hass") as HomeAssistant | undefined, this.hass, this.ids);
  }

  protected override willUpdate(): void {
    const { activeElement } = this.renderRoot as ShadowRoot;
    this.focused = activeElement?.closest<HTMLElement>("li")?.dataset.blueprint;
    const hidden = this.hass?.user?.is_admin === false;
    if (hidden === this.hidden) return;
    this.hidden = hidden;
    this.fire("card-visibility-changed", { value: !hidden });
  }

  protected override updated(): void {
    const { hass, config, focused } = this;
    if (focused && !(this.renderRoot as ShadowRoot).activeElement) {
      const item = `[data-blueprint=${focused}]`;
      const next = `${item}[tabindex], ${item} :is(a, button)`;
      this.renderRoot.querySelector<HTMLElement>(next)?.focus();
    }
    if (!hass || this.hidden || !config?.device_id) return;
    this.ids = Object.keys(hass.entities).filter((id) => id.startsWith("automation."));
    const loaded = this.ids.filter((id) => hass.states[id]?.attributes.restored !== true);
    const read = [config.device_id, ...loaded].join();
    if (read === this.read) return;
    this.read = read;
    void this.readAutomations(hass, config.device_id);
  }

  private async readAutomations(hass: HomeAssistant, deviceId: string): Promise<void> {
    try {
      const automations = await readAutomations(hass, deviceId);
      if (deviceId !== this.config?.device_id) return;
      this.automations = automations;
      this.readError = undefined;
      if (automations.length > 0) this.hasToggles ||= await loadToggle();
    } catch (error) {
      this.readError = this.text("automations_failed", { reason: reasonOf(error) });
    }
    const created = this.automations?.find(({ id }) => id === this.creating?.id);
    if (!created) return;
    this.creating = undefined;
    this.announce(created);
  }

  private async create(name: BlueprintName): Promise<void> {
    const { hass, config } = this;
    if (!hass || !config?.device_id || !this.automations || this.creating) return;
    const { fields = [] }: Blueprint = BLUEPRINTS[name];
    const creating = { name, id: String(Date.now()) };
    this.creating = creating;
    this.createError = undefined;
    try {
      if (fields.length > 0 && this.form?.name !== name) {
        await this.openForm(hass, name, fields);
        this.creating = undefined;
        return;
      }
      const alias = `${this.carName}: ${this.blueprintName(name)}`;
      const { id } = creating;
      await createAutomation(hass, config.device_id, name, { id, alias }, this.form?.data);
      if (this.form?.name === name) this.form = undefined;
    } catch (error) {
      this.creating = undefined;
      this.createError = this.text("create_failed", { reason: reasonOf(error) });
      return;
    }
    setTimeout(() => {
      if (this.creating !== creating) return;
      this.creating = undefined;
      this.createError = this.text("not_loaded");
    }, APPEAR_MS);
  }

  private async openForm(
    hass: HomeAssistant,
    name: BlueprintName,
    fields: string[],
  ): Promise<void> {
    const { inputs } = await ensureBlueprint(hass, name);
    if (!(await loadForm())) {
      navigate(BLUEPRINTS_PAGE);
      return;
    }
    this.form = {
      name,
      schema: fields.map((field) => ({
        name: field,
        required: true,
        selector: inputs[field]?.selector,
      })),
      data: Object.fromEntries(fields.map((field) => [field, inputs[field]?.default])),
    };
  }

  /** Show a message that leads to the editor of a new automation. */
  private announce({ entityId, id }: Automation): void {
    const name = this.hass?.states[entityId]?.attributes.friendly_name ?? entityId;
    this.fire("hass-notification", {
      message: this.text("created", { name }),
      action: {
        text: this.text("edit"),
        action: () => {
          navigate(editorPage(id));
        },
      },
    });
  }

  private fire(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  private get language(): string {
    return this.hass?.locale.language ?? "en";
  }

  private get carName(): string {
    const device = this.hass?.devices[this.config?.device_id ?? ""];
    return device ? deviceName(device) : "";
  }

  private text(key: TextKey, placeholders: Record<string, string | number> = {}): string {
    return localize(this.language, key, placeholders);
  }

  private blueprintName(name: BlueprintName): string {
    return this.text(`automation_${name}`, this.placeholders(name));
  }

  /** Return the inputs that a blueprint's texts contain. */
  private placeholders(name: BlueprintName): Record<string, string> {
    const { inputs = {} }: Blueprint = BLUEPRINTS[name];
    return Object.fromEntries(
      Object.entries(inputs).map(([input, value]) => [
        input,
        PERCENTAGES.includes(input) ? percentage(this.language, Number(value)) : String(value),
      ]),
    );
  }

  protected override render(): TemplateResult | typeof nothing {
    const { hass, config } = this;
    if (!hass || this.hidden) return nothing;
    if (!config?.device_id) return this.renderMessage("no_device");
    if (!hass.devices[config.device_id]) return this.renderMessage("unknown_device");
    const error = this.createError ?? this.readError;
    const phones = ownPhones(hass).map((id) => deviceNameOf(hass, id));
    return html`
      <ha-card>
        <div class="content">
          <h2>${this.text("automations")}</h2>
          ${
            error === undefined
              ? nothing
              : html`<div class="banner error" role="alert">
                  <ha-icon icon="mdi:alert"></ha-icon>${error}
                </div>`
          }
          <ul>
            ${offeredBlueprints(hass, config.device_id).map((name) => this.renderItems(hass, name))}
          </ul>
          <span class="secondary">
            ${
              phones.length > 0
                ? this.text("notify_phone", { names: phones.join(", ") })
                : this.text("notify_here")
            }
          </span>
        </div>
      </ha-card>
    `;
  }

  private renderMessage(key: TextKey): TemplateResult {
    return html`<ha-card><div class="content">${this.text(key)}</div></ha-card>`;
  }

  /** Return a blueprint, or the automations by it if there are any. */
  private renderItems(hass: HomeAssistant, name: BlueprintName) {
    const automations = this.automations?.filter(({ blueprint }) => blueprint === name) ?? [];
    return automations.length > 0
      ? automations.map((automation) => this.renderAutomation(hass, automation))
      : this.renderBlueprint(hass, name);
  }

  private renderBlueprint(hass: HomeAssistant, name: BlueprintName) {
    const form = this.form?.name === name ? this.form : undefined;
    const details = this.text(`automation_${name}_details`, this.placeholders(name));
    return html`<li data-blueprint=${name} tabindex=${form ? -1 : nothing}>
      <div class="item">
        ${this.renderTitle(BLUEPRINTS[name].icon, this.blueprintName(name), details)}
        ${form ? nothing : this.renderCreate(name)}
      </div>
      ${form ? this.renderForm(hass, form) : nothing}
    </li>`;
  }

  private renderCreate(name: BlueprintName, isComplete = true) {
    const text = this.text(this.creating?.name === name ? "creating" : "create");
    const isEnabled = this.automations && !this.creating && isComplete;
    return html`<button
      aria-label=${`${text}: ${this.blueprintName(name)}`}
      aria-disabled=${String(!isEnabled)}
      @click=${() => {
        if (isEnabled) void this.create(name);
      }}
    >
      ${text}
    </button>`;
  }

  private renderForm(hass: HomeAssistant, form: Form) {
    const isComplete = Object.values(form.data).every(
      (value) => value !== undefined && value !== "",
    );
    return html`<ha-form
        .hass=${hass}
        .schema=${form.schema}
        .data=${form.data}
        .computeLabel=${({ name }: { name: string }) => this.text(`input_${name}` as TextKey)}
        @value-changed=${(event: CustomEvent<{ value: Record<string, unknown> }>) => {
          this.form = { ...form, data: { ...form.data, ...event.detail.value } };
        }}
      ></ha-form>
      <div class="buttons">
        <button
          @click=${() => {
            this.form = undefined;
          }}
        >
          ${this.text("cancel")}
        </button>
        ${this.renderCreate(form.name, isComplete)}
      </div>`;
  }

  private renderAutomation(hass: HomeAssistant, { blueprint, entityId, id }: Automation) {
    const entity = hass.states[entityId];
    if (!entity) return nothing;
    const name = entity.attributes.friendly_name ?? entityId;
    const triggered: unknown = entity.attributes.last_triggered;
    const details =
      typeof triggered === "string"
        ? this.text("triggered", {
            age: relativeTime(textLanguage(this.language), new Date(triggered), new Date()),
          })
        : hass.formatEntityState(entity);
    return html`<li class="item" data-blueprint=${blueprint}>
      ${this.renderTitle(BLUEPRINTS[blueprint].icon, name.replace(`${this.carName}: `, ""), details)}
      ${
        id === undefined
          ? nothing
          : html`<a href=${editorPage(id)} aria-label=${`${this.text("edit")}: ${name}`}>
              <ha-icon icon="mdi:pencil"></ha-icon>
            </a>`
      }
      ${
        this.hasToggles
          ? html`<ha-entity-toggle .hass=${hass} .stateObj=${entity}></ha-entity-toggle>`
          : nothing
      }
    </li>`;
  }

  private renderTitle(icon: string, title: string, details: string) {
    return html`<ha-icon .icon=${icon}></ha-icon>
      <div class="title">
        <span>${title}</span>
        <span class="secondary">${details}</span>
      </div>`;
  }
}

function editorPage(id: string | undefined): string {
  return `/config/automation/edit/${id ?? ""}`;
}
