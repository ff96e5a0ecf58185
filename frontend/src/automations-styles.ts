/** Styles of the card of automations, besides those that it shares with the card of a car. */

import { css } from "lit";

export const automationsStyles = css`
  :host([hidden]) {
    display: none;
  }
  ul {
    display: grid;
    gap: 8px;
  }
  li {
    display: block;
    line-height: inherit;
  }
  .item {
    display: flex;
    align-items: center;
    gap: 12px;
    min-block-size: 48px;
  }
  .item > ha-icon {
    flex: none;
    color: var(--secondary-text-color);
  }
  .title {
    display: grid;
    flex: 1;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .item > a,
  button {
    flex: none;
    min-block-size: 40px;
  }
  button {
    padding: 0 16px;
    border-radius: 20px;
  }
  button[aria-disabled="true"] {
    color: var(--secondary-text-color);
    cursor: default;
  }
  .item > a {
    display: grid;
    place-items: center;
    min-inline-size: 40px;
    border-radius: 20px;
    color: var(--primary-text-color);
  }
  .item > a:focus-visible {
    outline: 2px solid var(--primary-color);
  }
  .buttons {
    display: flex;
    justify-content: end;
    gap: 8px;
    padding-block: 8px;
  }
`;
