/**
 * Load the card and the dashboard strategy.
 *
 * Home Assistant's frontend replaces the registry of custom elements while it starts, and loses what was defined before.
 */

await customElements.whenDefined("home-assistant");
await import("./register");

export {};
