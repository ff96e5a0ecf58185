/// <reference types="vite/client" />
import { afterEach, describe, expect, it, vi } from "vitest";
import { StellantisConnectAutomations } from "../src/automations-card";
import { offeredBlueprints, ownPhones } from "../src/automations";
import { BLUEPRINTS, BLUEPRINT_NAMES, blueprintFile, sourceUrl } from "../src/blueprints";
import type { HomeAssistant } from "../src/hass";
import { StellantisConnectPanel } from "../src/panel";
import { dashboard } from "../src/strategy";
import { DEVICE, entity, homeAssistant } from "./hass";

const FILES = import.meta.glob("../../blueprints/automation/*/*.yaml");
const CHARGED = "stellantis-connect/charged_to_level.yaml";
const PRICE = "stellantis-connect/charge_by_price.yaml";
const EDITED = "edited by the owner";
const INVALID = "invalid";
const NOTIFICATION = {
  action: "persistent_notification.create",
  data: { message: "{{ trigger.name }} is charged." },
};
const ELECTRIC: Parameters<typeof homeAssistant>[0] = {
  "sensor.battery_level": ["61"],
  "switch.charge": ["off"],
};

/** What Home Assistant keeps of blueprints and automations. */
class Backend {
  saved: Record<string, string> = {};
  configs: Record<string, object> = {};
  loads = true;

  constructor(readonly hass: HomeAssistant) {
    hass.callWS = (message) => Promise.resolve().then(() => this.reply(message)) as Promise<never>;
    hass.callApi = (_method, path, config) => {
      this.add(path.slice(path.lastIndexOf("/") + 1), config);
      return Promise.resolve({}) as Promise<never>;
    };
  }

  get hassWithAutomations(): HomeAssistant {
    const ids = this.loads ? Object.keys(this.configs) : [];
    const state = (id: string) =>
      entity(id, "on", { friendly_name: (this.configs[id] as { alias?: string }).alias });
    return {
      ...this.hass,
      entities: {
        ...this.hass.entities,
        ...Object.fromEntries(ids.map((id) => [id, { entity_id: id }])),
      },
      states: { ...this.hass.states, ...Object.fromEntries(ids.map((id) => [id, state(id)])) },
    };
  }

  add(id: string, config: object): void {
    this.configs[`automation.a${id}`] = { ...config, id };
  }

  private reply(message: Record<string, unknown> & { type: string }): unknown {
    switch (message.type) {
      case "blueprint/list":
        return Object.fromEntries(
          Object.entries(this.saved).map(([path, yaml]) => [
            path,
            yaml === INVALID ? { error: "Invalid blueprint" } : { metadata: metadata(path, yaml) },
          ]),
        );
      case "blueprint/save":
        if (String(message.path) in this.saved) throw new Error("File already exists");
        this.saved[String(message.path)] = String(message.yaml);
        return {};
      case "search/related":
        return { automation: Object.keys(this.configs).filter((id) => this.uses(id, message)) };
      default:
        return { config: this.configs[String(message.entity_id)] };
    }
  }

  private uses(id: string, message: Record<string, unknown>): boolean {
    return JSON.stringify(this.configs[id]).includes(String(message.item_id));
  }
}

function metadata(path: string, yaml: string) {
  const name = BLUEPRINT_NAMES.find((name) => path.includes(name));
  return {
    source_url: yaml === EDITED ? undefined : name && sourceUrl(name),
    input: {
      car: {},
      level: { default: 80 },
      charging: {},
      price: { selector: { entity: {} } },
      prices: { input: { limit: { default: 0.2, selector: { number: {} } } } },
      actions: { default: [NOTIFICATION] },
    },
  };
}

async function render(hass: HomeAssistant) {
  const backend = new Backend(hass);
  const card = new StellantisConnectAutomations();
  card.setConfig({ type: "", device_id: DEVICE });
  card.hass = hass;
  document.body.append(card);
  await settle(card);
  const root = card.renderRoot;
  return {
    backend,
    card,
    root,
    text: () => root.textContent.replace(/\s+/g, " "),
    press: async (name: string) => {
      root.querySelector<HTMLButtonElement>(`button[aria-label^="${name}"]`)?.click();
      await settle(card);
      card.hass = backend.hassWithAutomations;
      await settle(card);
    },
  };
}

/** Wait until everything that is in memory has been read. */
async function settle(card: StellantisConnectAutomations): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
  await card.updateComplete;
}

afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

describe("blueprints", () => {
  it("are all offered", () => {
    const names = Object.keys(FILES).map((path) => path.replace(/^.*\/|\.yaml$/g, ""));
    expect(names.sort()).toEqual([...BLUEPRINT_NAMES].sort());
  });

  it.each(BLUEPRINT_NAMES)("have the inputs that %s gets", (name) => {
    const {
      entities = {},
      inputs = {},
      fields = [],
    } = BLUEPRINTS[name] as never as {
      entities?: object;
      inputs?: object;
      fields?: string[];
    };
    const yaml = blueprintFile(name);
    expect(yaml).toContain(sourceUrl(name));
    for (const input of [...Object.keys({ ...entities, ...inputs }), ...fields]) {
      expect(yaml).toMatch(new RegExp(`^ +${input}:$`, "m"));
    }
  });

  it("are those that the car has the entities for", () => {
    expect(offeredBlueprints(homeAssistant({ "sensor.fuel_level": ["1"] }), DEVICE)).toEqual([
      "critical_alert",
    ]);
    expect(offeredBlueprints(homeAssistant(ELECTRIC), DEVICE)).toEqual([
      "charged_to_level",
      "critical_alert",
      "charge_by_price",
    ]);
  });
});

describe("card of automations", () => {
  it("adds the blueprint, and creates an automation of the car", async () => {
    const { backend, card, press, text } = await render(homeAssistant(ELECTRIC));
    const messages: string[] = [];
    card.addEventListener("hass-notification", (event) => {
      messages.push((event as CustomEvent<{ message: string }>).detail.message);
    });
    await press("Create: Notify when charged to 80%");
    expect(backend.saved).toEqual({ [CHARGED]: blueprintFile("charged_to_level") });
    expect(Object.values(backend.configs)).toMatchObject([
      {
        alias: "My car: Notify when charged to 80%",
        use_blueprint: { path: CHARGED, input: { car: DEVICE, level: 80 } },
      },
    ]);
    expect(messages).toEqual(["Automation created: My car: Notify when charged to 80%"]);
    expect(text()).toMatch(/Notify when charged to 80% on/);
    await press("Create: Notify when charged to 80%");
    expect(Object.keys(backend.configs)).toHaveLength(1);
  });

  it("uses a blueprint that was imported, and lists only automations of the car", async () => {
    const hass = homeAssistant(ELECTRIC);
    const { backend, card, root, press } = await render(hass);
    backend.saved["mine/charged_to_level.yaml"] = "";
    backend.add("1", { use: "mine/charged_to_level.yaml", car: "device-2" });
    card.hass = backend.hassWithAutomations;
    await settle(card);
    expect(root.querySelector("a")).toBeNull();
    await press("Create: Notify when charged");
    expect(Object.keys(backend.saved)).toEqual(["mine/charged_to_level.yaml"]);
    expect(root.querySelector("a")?.getAttribute("href")).toMatch(/^\/config\/automation\/edit\/./);
  });

  it.each([EDITED, INVALID])("does not replace a blueprint that is %s", async (yaml) => {
    const { backend, press, text } = await render(homeAssistant(ELECTRIC));
    backend.saved[CHARGED] = yaml;
    await press("Create: Notify when charged");
    expect(backend.saved).toEqual({ [CHARGED]: yaml });
    expect(Object.keys(backend.configs)).toHaveLength(yaml === EDITED ? 1 : 0);
    expect(text().includes("couldn't be created: File already exists")).toBe(yaml === INVALID);
  });

  it("lists the automations that are loaded while Home Assistant starts", async () => {
    const { backend, card, root } = await render(homeAssistant(ELECTRIC));
    backend.saved[CHARGED] = "";
    backend.add("1", { use: CHARGED, car: DEVICE });
    const started = backend.hassWithAutomations;
    const { configs } = backend;
    backend.configs = {};
    const id = "automation.a1";
    const restored = entity(id, "unavailable", { restored: true });
    card.hass = { ...started, states: { ...started.states, [id]: restored } };
    await settle(card);
    expect(root.querySelector("a")).toBeNull();
    backend.configs = configs;
    card.hass = started;
    await settle(card);
    expect(root.querySelector("a")).not.toBeNull();
  });

  it("sends notifications to the phones of the user", async () => {
    const hass = homeAssistant(ELECTRIC);
    const phone = { device_id: "phone", platform: "mobile_app" };
    hass.devices.phone = { id: "phone", name: "Pixel", name_by_user: null, entry_type: null };
    hass.entities["device_tracker.pixel"] = { entity_id: "device_tracker.pixel", ...phone };
    hass.entities["notify.pixel"] = { entity_id: "notify.pixel", ...phone };
    const person = { user_id: "user-1", device_trackers: ["device_tracker.pixel"] };
    hass.states["person.owner"] = entity("person.owner", "home", person);
    expect(ownPhones(hass)).toEqual(["notify.pixel"]);
    const { backend, press, text } = await render(hass);
    expect(text()).toContain("Notifications are sent to Pixel.");
    await press("Create: Notify when charged");
    const target = { entity_id: ["notify.pixel"] };
    expect(Object.values(backend.configs)).toMatchObject([
      {
        use_blueprint: {
          input: { actions: [{ ...NOTIFICATION, action: "notify.send_message", target }] },
        },
      },
    ]);
  });

  it("requires what only the owner knows", async () => {
    customElements.define("ha-form", class extends HTMLElement {});
    const { backend, card, root, press } = await render(homeAssistant(ELECTRIC));
    await press("Create: Charge at a low price");
    expect(backend.configs).toEqual({});
    const form = root.querySelector("ha-form") as HTMLElement & { data: object; schema: object[] };
    expect(form.data).toEqual({ price: undefined, limit: 0.2 });
    expect(form.schema).toHaveLength(2);
    card.setConfig({ type: "", device_id: DEVICE });
    await settle(card);
    expect(root.querySelector("ha-form")).toBe(form);
    await press("Create: Charge at a low price");
    expect(backend.configs).toEqual({});
    const value = { price: "sensor.price", limit: 0.2 };
    form.dispatchEvent(new CustomEvent("value-changed", { detail: { value } }));
    await settle(card);
    await press("Create: Charge at a low price");
    expect(Object.values(backend.configs)).toMatchObject([
      { use_blueprint: { path: PRICE, input: { ...value, charging: "switch.my_car_charge" } } },
    ]);
    expect(root.querySelector("ha-form")).toBeNull();
  });

  it("keeps the focus where a button is replaced", async () => {
    const { press, root } = await render(homeAssistant(ELECTRIC));
    const focus = (selector: string) => {
      root.querySelector<HTMLElement>(selector)?.focus();
    };
    focus('button[aria-label^="Create: Notify when charged"]');
    await press("Create: Notify when charged");
    expect((root as ShadowRoot).activeElement?.getAttribute("href")).toMatch("/edit/");
    focus('button[aria-label^="Create: Charge at a low price"]');
    await press("Create: Charge at a low price");
    expect((root as ShadowRoot).activeElement?.querySelector("ha-form")).not.toBeNull();
    focus(".buttons button");
    root.querySelector<HTMLElement>(".buttons button")?.click();
    await Promise.resolve();
    expect((root as ShadowRoot).activeElement?.getAttribute("aria-label")).toBe(
      "Create: Charge at a low price",
    );
  });

  it("keeps the form of another one while a response is late", async () => {
    const { backend, card, press, root } = await render(homeAssistant(ELECTRIC));
    let respond: (value: never) => void = () => undefined;
    backend.hass.callApi = (_method, path, config) => {
      backend.add(path.slice(path.lastIndexOf("/") + 1), config);
      return new Promise((resolve) => {
        respond = resolve;
      });
    };
    await press("Create: Notify when charged");
    await press("Create: Charge at a low price");
    expect(root.querySelector("ha-form")).not.toBeNull();
    respond({} as never);
    await settle(card);
    expect(root.querySelector("ha-form")).not.toBeNull();
  });

  it.each([
    [{ error: "Response error: 400", body: { message: "Message malformed" } }, "Message malformed"],
    [{ error: "Response error: 404", body: "404: Not Found" }, "Response error: 404"],
    [{ type: "result", error: { code: 3, message: "Connection lost" } }, "Connection lost"],
    ["Aborted", "Aborted"],
  ])("says why an automation cannot be created", async (error, reason) => {
    const { backend, press, root } = await render(homeAssistant(ELECTRIC));
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    backend.hass.callApi = () => Promise.reject(error);
    await press("Create: Notify when charged");
    expect(root.querySelector('[role="alert"]')?.textContent).toContain(
      `The automation couldn't be created: ${reason}`,
    );
    expect(root.querySelectorAll('button[aria-disabled="false"]')).toHaveLength(3);
  });

  it("says why automations cannot be read until they are", async () => {
    const { backend, card, root } = await render(homeAssistant(ELECTRIC));
    backend.add("1", {});
    const lost = () => Promise.reject(new Error("Lost"));
    card.hass = { ...backend.hassWithAutomations, callWS: lost };
    await settle(card);
    const alert = () => root.querySelector('[role="alert"]')?.textContent;
    expect(alert()).toContain("The automations couldn't be read: Lost");
    backend.add("2", {});
    card.hass = backend.hassWithAutomations;
    await settle(card);
    expect(alert()).toBeUndefined();
  });

  it("says that Home Assistant doesn't load a saved automation", async () => {
    vi.useFakeTimers();
    const { backend, card, press, text } = await render(homeAssistant(ELECTRIC));
    backend.loads = false;
    backend.configs = {};
    await press("Create: Notify when charged");
    expect(text()).toContain("Creating");
    vi.advanceTimersByTime(20_000);
    await settle(card);
    expect(text()).toContain("Include automations.yaml in configuration.yaml.");
  });

  it("is hidden from users who may not create automations", async () => {
    const hass = homeAssistant(ELECTRIC);
    hass.user = { id: "user-2", is_admin: false };
    const { card, text } = await render(hass);
    expect(card.hidden).toBe(true);
    expect(text()).not.toContain("Automations");
  });
});

describe("page of a car", () => {
  it("has both cards of the car", async () => {
    const panel = new StellantisConnectPanel();
    panel.hass = homeAssistant(ELECTRIC);
    panel.route = { path: `/${DEVICE}` };
    document.body.append(panel);
    await panel.updateComplete;
    expect(panel.renderRoot.querySelector("h1")?.textContent).toBe("My car");
    const back = panel.renderRoot.querySelector("a")?.getAttribute("href");
    expect(back).toBe(`/config/devices/device/${DEVICE}`);
    for (const card of panel.renderRoot.querySelectorAll<StellantisConnectAutomations>(
      "main > *",
    )) {
      await card.updateComplete;
      expect(card.renderRoot.querySelector("h2")?.textContent).toMatch(/My car|Automations/);
    }
  });
});

describe("page of a car that was removed", () => {
  it("says so once, and leads to the devices", async () => {
    const panel = new StellantisConnectPanel();
    panel.hass = homeAssistant(ELECTRIC);
    panel.route = { path: "/removed" };
    document.body.append(panel);
    await panel.updateComplete;
    const back = panel.renderRoot.querySelector("a")?.getAttribute("href");
    expect(back).toBe("/config/devices/dashboard");
    const [card, ...others] =
      panel.renderRoot.querySelectorAll<StellantisConnectAutomations>("main > *");
    await card?.updateComplete;
    expect(card?.renderRoot.textContent).toContain("This car no longer exists.");
    expect(others).toEqual([]);
  });
});

describe("view of a car", () => {
  it.each([true, false])("has a section of automations for administrators: %s", (isAdmin) => {
    const hass = homeAssistant(ELECTRIC);
    hass.user = { id: "user-1", is_admin: isAdmin };
    const cards = dashboard(hass).views[1]?.sections.flatMap((section) => section.cards) ?? [];
    const types = cards.map(({ type }) => type);
    expect(types.includes("custom:stellantis-connect-automations")).toBe(isAdmin);
  });
});
