/** Elements of Home Assistant's frontend, which loads them when they are first needed. */

interface CardHelpers {
  createCardElement(config: unknown): HTMLElement;
  createRowElement(config: unknown): HTMLElement;
}

type CardClass = CustomElementConstructor & { getConfigElement?(): Promise<HTMLElement> };

const LOAD_MS = 10_000;

/** Load an element by creating one that contains it; return whether it is available. */
async function load(tag: string, create: (helpers: CardHelpers) => unknown): Promise<boolean> {
  if (customElements.get(tag)) return true;
  const { loadCardHelpers } = window as { loadCardHelpers?: () => Promise<CardHelpers> };
  if (!loadCardHelpers) return false;
  await create(await loadCardHelpers());
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
