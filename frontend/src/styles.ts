/** Styles of the card; colors and fonts come from the user's theme. */

import { css } from "lit";
import { SHOWN_CHARGES } from "./charges";

export const styles = css`
  :host {
    display: block;
  }
  ha-card {
    block-size: 100%;
    overflow: hidden;
    container-type: inline-size;
  }
  .content {
    display: grid;
    gap: 16px;
    padding: 16px;
  }
  header {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 8px;
    flex-wrap: wrap;
  }
  h2 {
    margin: 0;
    font: inherit;
    font-size: var(--ha-font-size-xl, 1.25rem);
    font-weight: 500;
  }
  .secondary {
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 0.8125rem);
  }
  .banner {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 8px 12px;
    border-radius: 8px;
    background: color-mix(in srgb, var(--banner-color) 14%, transparent);
    border-inline-start: 4px solid var(--banner-color);
  }
  .banner ha-icon {
    color: var(--banner-color);
  }
  .banner.error {
    --banner-color: var(--error-color, #db4437);
  }
  .banner.info {
    --banner-color: var(--secondary-text-color, #727272);
  }
  .hero {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: center;
    gap: 16px;
  }
  .picture {
    block-size: 150px;
    min-inline-size: 0;
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    place-items: center;
    grid-column: 1 / -1;
  }
  .picture img {
    max-inline-size: 100%;
    max-block-size: 100%;
    border-radius: 12px;
  }
  .facts {
    display: grid;
    gap: 2px;
    min-inline-size: 0;
  }
  .facts .range {
    justify-self: start;
    font-size: var(--ha-font-size-xl, 1.25rem);
    font-weight: 500;
  }
  .value {
    display: inline-block;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  button {
    font: inherit;
    color: var(--primary-text-color);
    cursor: pointer;
    border: none;
    border-radius: 12px;
    background: var(--secondary-background-color, #f5f5f5);
  }
  button:focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  .control {
    display: grid;
    flex: 1 1 96px;
    min-inline-size: 0;
    justify-items: center;
    align-content: center;
    gap: 4px;
    min-block-size: 84px;
    padding: 8px;
    text-align: center;
  }
  .control.active {
    background: color-mix(in srgb, var(--primary-color) 20%, transparent);
  }
  .control.active ha-icon {
    color: var(--primary-color);
  }
  .control.pending ha-icon {
    animation: pending 1.2s ease-in-out infinite;
  }
  .control[aria-disabled="true"] {
    cursor: default;
  }
  .control.pending {
    cursor: progress;
  }
  .announcement {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  @keyframes pending {
    50% {
      opacity: 0.3;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .control.pending ha-icon {
      animation: none;
      opacity: 0.5;
    }
  }
  .map {
    block-size: 200px;
    background: var(--secondary-background-color, #f5f5f5);
    border-radius: 12px;
    overflow: hidden;
  }
  ha-map {
    block-size: 100%;
  }
  h3 {
    margin: 0;
    font-weight: inherit;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 8px;
    line-height: 1.6;
  }
  li > .secondary {
    flex: none;
  }
  /* Room for the charges that are read after the first one is shown. */
  .last_charges ul {
    min-block-size: calc(${SHOWN_CHARGES} * 1.6em);
  }
  @container (min-width: 440px) {
    .hero {
      grid-template-columns: minmax(0, 1.2fr) auto minmax(0, 1fr);
    }
    .hero:not(:has(.picture)) {
      grid-template-columns: auto minmax(0, 1fr);
    }
    .picture {
      grid-column: auto;
      block-size: 128px;
    }
  }
`;
