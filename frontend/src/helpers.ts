/** Elements of Home Assistant's frontend, which loads them when they are first needed. */

interface CardHelpers {
  createCardElement(config: unknown): HTMLElement;
  createRowElement(config: unknown): HTMLElement;
}

type CardClass = CustomElementConstructor & { getConfigElement?(): Promise<HTMLElement> };

const LOAD_MS = 10_000;

interface PanelResolver extends Element {
  hass?: { panels: Record<string, { component_name: string; url_path: string }> };
  routerOptions?: { routes: Record<string, { load?(): Promise<unknown> } | undefined> };
}

/** Load the dashboards of Home Assistant, which a page outside of them has not done. */
async function loadDashboards(): Promise<void> {
  const main = document
    .querySelector("home-assistant")
    ?.shadowRoot?.querySelector("home-assistant-main");
  const resolver = main?.shadowRoot?.querySelector<PanelResolver>("partial-panel-resolver");
  const panel = Object.values(resolver?.hass?.panels ?? {}).find(
    ({ component_name: name }) => name === "lovelace",
  );
  await resolver?.routerOptions?.routes[panel?.url_path ?? ""]?.load?.();
}

async function cardHelpers(): Promise<CardHelpers | undefined> {
  const page = window as { loadCardHelpers?: () => Promise<CardHelpers> };
  if (!page.loadCardHelpers) await loadDashboards();
  return page.loadCardHelpers?.();
}

/** Load an element by creating one that contains it; return whether it is available. */
async function load(tag: string, create: (helpers: CardHelpers) => unknown): Promise<boolean> {
  if (customElements.get(tag)) return true;
  const helpers = await cardHelpers();
  if (!helpers) return false;
  await create(helpers);
  await Promise.race([
    customElements.whenDefined(tag),
    new Promise((resolve) => setTimeout(resolve, LOAD_MS)),
  ]);
  return customElements.get(tag) !== undefined;
}

export function loadMap(): Promise<boolean> {
  return load("ha-map", (helpers) => helpers.createCardElement({ type: "map", entities: [] }));
}

export function loadToggle(): Promise<boolean> {
  return load("ha-entity-toggle", (helpers) =>
    helpers.createRowElement({ entity: "automation.none" }),
  );
}

/** Load the forms of Home Assistant by the editor of a card that has one. */
export function loadForm(): Promise<boolean> {
  return load("ha-form", (helpers) => {
    const { constructor } = helpers.createCardElement({ type: "button" });
    return (constructor as CardClass).getConfigElement?.();
  });
}
