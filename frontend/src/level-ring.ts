/** Ring that shows a level in percent, the charge limit, and whether the car is charging. */

import { LitElement, css, html, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";

const RADIUS = 44;
const LENGTH = 2 * Math.PI * RADIUS;

@customElement("stellantis-connect-level-ring")
export class LevelRing extends LitElement {
  @property({ type: Number }) level = 0;
  @property({ type: Number }) limit: number | undefined;
  @property({ type: Boolean, reflect: true }) charging = false;
  @property({ type: Boolean, reflect: true }) low = false;
  @property({ type: Boolean }) fuel = false;
  /** What a screen reader says. */
  @property() label = "";
  /** The level as the user's language writes it. */
  @property() text = "";

  static override styles = css`
    :host {
      --ring-color: var(--state-sensor-battery-high-color, var(--success-color, #4caf50));
      display: block;
      position: relative;
      inline-size: 112px;
      block-size: 112px;
      flex: none;
    }
    :host([low]) {
      --ring-color: var(--state-sensor-battery-low-color, var(--error-color, #db4437));
    }
    svg {
      inline-size: 100%;
      block-size: 100%;
      transform: rotate(-90deg);
    }
    circle {
      fill: none;
      stroke-width: 8;
    }
    .track {
      stroke: var(--divider-color, #e0e0e0);
    }
    .level {
      stroke: var(--ring-color);
      stroke-linecap: round;
      transition: stroke-dashoffset 0.6s ease;
    }
    .limit {
      stroke: var(--primary-text-color);
      stroke-width: 10;
    }
    .content {
      position: absolute;
      inset: 0;
      display: flex;
      flex-direction: column;
      align-items: center;
      justify-content: center;
      line-height: 1.2;
    }
    .value {
      font-size: 1.75rem;
      font-weight: 500;
      font-variant-numeric: tabular-nums;
    }
    ha-icon {
      --mdc-icon-size: 18px;
      color: var(--secondary-text-color);
    }
    :host([charging]) ha-icon {
      color: var(--ring-color);
      animation: pulse 2s ease-in-out infinite;
    }
    @keyframes pulse {
      50% {
        opacity: 0.4;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .level {
        transition: none;
      }
      :host([charging]) ha-icon {
        animation: none;
      }
    }
  `;

  private get icon(): string {
    if (this.charging) return "mdi:lightning-bolt";
    return this.fuel ? "mdi:gas-station" : "mdi:battery";
  }

  protected override render() {
    const level = Math.min(100, Math.max(0, this.level));
    return html`
      <svg viewBox="0 0 100 100" role="img" aria-label=${this.label}>
        <circle class="track" cx="50" cy="50" r=${RADIUS}></circle>
        ${svg`<circle
          class="level" cx="50" cy="50" r=${RADIUS}
          stroke-dasharray=${LENGTH} stroke-dashoffset=${LENGTH * (1 - level / 100)}
        ></circle>`}
        ${
          this.limit === undefined
            ? nothing
            : svg`<circle
                class="limit" cx="50" cy="50" r=${RADIUS}
                stroke-dasharray="1.5 ${LENGTH}"
                stroke-dashoffset=${-LENGTH * (this.limit / 100)}
              ></circle>`
        }
      </svg>
      <div class="content" aria-hidden="true">
        <span class="value">${this.text}</span>
        <ha-icon .icon=${this.icon}></ha-icon>
      </div>
    `;
  }
}
