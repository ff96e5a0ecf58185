/** The page of one car, to which its device page leads. */

import { LitElement, css, html, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { StellantisConnectAutomations } from "./automations-card";
import { StellantisConnectCard } from "./card";
import type { HomeAssistant } from "./hass";
import { localize } from "./localize";
import { deviceName } from "./vehicle";

@customElement("stellantis-connect-panel")
export class StellantisConnectPanel extends LitElement {
  @property({ attribute: false }) hass?: HomeAssistant;
  @property({ attribute: false }) route?: { path: string };
  private cards: (StellantisConnectCard | StellantisConnectAutomations)[] = [];

  static override styles = css`
    :host {
      display: block;
      min-block-size: 100%;
      background: var(--primary-background-color);
    }
    header {
      position: sticky;
      inset-block-start: 0;
      z-index: 4;
      box-sizing: border-box;
      display: flex;
      align-items: center;
      gap: 16px;
      block-size: var(--header-height, 56px);
      padding-inline: 12px 16px;
      color: var(--app-header-text-color, var(--primary-text-color));
      background: var(--app-header-background-color, var(--primary-background-color));
      border-block-end: var(--app-header-border-bottom, 1px solid var(--divider-color));
    }
    a {
      display: grid;
      place-items: center;
      flex: none;
      inline-size: 40px;
      block-size: 40px;
      border-radius: 20px;
      color: inherit;
    }
    a:dir(rtl) ha-icon {
      transform: scaleX(-1);
    }
    h1 {
      margin: 0;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
      font-size: var(--ha-font-size-xl, 1.25rem);
      font-weight: 400;
    }
    main {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr));
      max-inline-size: 1032px;
      margin-inline: auto;
      align-items: start;
      gap: 16px;
      padding: 16px;
    }
  `;

  private get deviceId(): string {
    return this.route?.path.split("/")[1] ?? "";
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("route")) {
      this.cards = [new StellantisConnectCard(), new StellantisConnectAutomations()];
      for (const card of this.cards) card.setConfig({ type: "", device_id: this.deviceId });
    }
    for (const card of this.cards) if (this.hass) card.hass = this.hass;
  }

  protected override render() {
    const device = this.hass?.devices[this.deviceId];
    return html`
      <header>
        <a
          href=${device ? `/config/devices/device/${device.id}` : "/config/devices/dashboard"}
          aria-label=${localize(this.hass?.locale.language ?? "en", "back")}
        >
          <ha-icon icon="mdi:arrow-left"></ha-icon>
        </a>
        <h1>${device ? deviceName(device) : ""}</h1>
      </header>
      <main>${device ? this.cards : this.cards[0]}</main>
    `;
  }
}
