import { afterEach, describe, expect, it, vi } from "vitest";
import { StellantisConnectCard } from "../src/card";
import "../src/register";
import type { HomeAssistant } from "../src/hass";
import { routeFrom } from "../src/map";
import { STRATEGY_TYPE, StellantisConnectStrategy, dashboard } from "../src/strategy";
import { DEVICE, homeAssistant } from "./hass";

type States = Parameters<typeof homeAssistant>[0];

async function render(states: States, config: Record<string, unknown> = {}) {
  const card = new StellantisConnectCard();
  const hass = homeAssistant(states);
  card.setConfig({ type: "", device_id: DEVICE, ...config });
  card.hass = hass;
  document.body.append(card);
  await card.updateComplete;
  const root = card.renderRoot;
  return { card, hass, root, text: () => root.textContent.replace(/\s+/g, " ") };
}

afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

describe("card", () => {
  it("shows name, range, charging and limit of a charging car", async () => {
    const { text, root } = await render({
      "sensor.battery_level": ["61"],
      "sensor.electric_range": ["210", { unit_of_measurement: "km" }],
      "binary_sensor.charging": ["on"],
      "sensor.charging_state": ["Charging"],
      "sensor.charging_end": ["2030-01-01T10:00:00+00:00"],
      "number.charge_limit": ["80"],
    });
    expect(text()).toContain("My car");
    expect(text()).toContain("210 km");
    expect(text()).toMatch(/Charging\s*until .*11:00\s*Limit 80%/);
    expect(root.querySelector("stellantis-connect-level-ring")).not.toBeNull();
  });

  it("shows a picture once it was fetched", async () => {
    const attributes = { entity_picture: "/picture" };
    const unknown = await render({ "image.picture": ["unknown", attributes] });
    expect(unknown.root.querySelector("img")).toBeNull();
    const fetched = await render({ "image.picture": ["2026-03-18T05:00:00+00:00", attributes] });
    expect(fetched.root.querySelector("img")?.getAttribute("src")).toBe("/picture");
  });

  it("fits the map again after the view was left", async () => {
    const fitBounds = vi.fn();
    customElements.define(
      "ha-map",
      class extends HTMLElement {
        fitBounds = fitBounds;
      },
    );
    const position = { latitude: 48.1, longitude: -1.7 };
    const { card } = await render({ "device_tracker.position": ["home", position] });
    await vi.waitFor(() => {
      expect(fitBounds).toHaveBeenCalledTimes(1);
    });
    card.remove();
    document.body.append(card);
    await card.updateComplete;
    expect(fitBounds).toHaveBeenCalledTimes(2);
  });

  it("shows critical alerts in words", async () => {
    const { text, root } = await render({
      "binary_sensor.problem": ["on", { alerts: ["Oil pressure too low", null] }],
    });
    expect(root.querySelectorAll('[role="alert"]')).toHaveLength(1);
    expect(text()).toContain("Oil pressure too low");
  });

  it("shows the age of the data, and of the last trip without a map", async () => {
    const now = Date.now();
    const ago = (hours: number) => new Date(now - hours * 3_600_000 - 1000).toISOString();
    const { text } = await render(
      {
        "binary_sensor.connection": ["on", { last_update: ago(2) }],
        "sensor.last_trip_distance": ["8", { ended_at: ago(3) }],
      },
      { show_map: false },
    );
    expect(text()).toContain("Updated 2 hours ago");
    expect(text()).toContain("8 3 hours ago");
  });

  it("names what is open without the name of the car", async () => {
    const { text } = await render({
      "binary_sensor.opening_trunk": ["on", { friendly_name: "My car Trunk" }],
      "binary_sensor.opening_driver": ["off", { friendly_name: "My car Driver door" }],
    });
    expect(text()).toContain("Open: Trunk");
  });

  it("unlocks only when pressed twice, not by a double tap", async () => {
    vi.useFakeTimers();
    const { card, hass, root } = await render({ "lock.lock": ["locked"] });
    const call = vi.spyOn(hass, "callService");
    const button = () => root.querySelector<HTMLButtonElement>(".control");
    button()?.click();
    await card.updateComplete;
    expect(call).not.toHaveBeenCalled();
    expect(button()?.textContent).toContain("Press again to unlock");
    vi.advanceTimersByTime(500);
    button()?.click();
    expect(call).not.toHaveBeenCalled();
    vi.advanceTimersByTime(500);
    button()?.click();
    expect(call).toHaveBeenCalledWith("lock", "unlock", {}, { entity_id: "lock.my_car_lock" });
  });

  it("forgets the first press after a while", async () => {
    vi.useFakeTimers();
    const { card, root } = await render({ "lock.lock": ["locked"] });
    root.querySelector<HTMLButtonElement>(".control")?.click();
    vi.advanceTimersByTime(11_000);
    await card.updateComplete;
    expect(root.querySelector(".control")?.textContent).not.toContain("Press again");
  });

  it("shows how far a pending command is and ignores presses", async () => {
    const { hass, root } = await render({
      "switch.precondition": ["on", { progress: "Waking up the car" }],
    });
    const call = vi.spyOn(hass, "callService");
    const button = root.querySelector<HTMLButtonElement>(".control");
    expect(button?.textContent).toContain("Waking up the car");
    button?.click();
    expect(call).not.toHaveBeenCalled();
  });

  it("says so where the state of a control is unknown", async () => {
    const { root } = await render({ "lock.lock": ["unknown"], "switch.charge": ["unknown"] });
    const labels = [...root.querySelectorAll(".control")].map((control) =>
      control.getAttribute("aria-label"),
    );
    expect(labels).toEqual(["Doors: Unknown. Lock", "Charging: Unknown. Start charging"]);
  });

  it("offers to start charging where it can't be stopped", async () => {
    const states: States = { "button.start_charge": ["unknown"] };
    const { hass, root } = await render({ ...states, "binary_sensor.charging": ["off"] });
    const call = vi.spyOn(hass, "callService");
    const button = root.querySelector<HTMLButtonElement>(".control");
    expect(button?.getAttribute("aria-label")).toBe("Charging: Off. Start charging");
    button?.click();
    expect(call).toHaveBeenCalledWith(
      "button",
      "press",
      {},
      { entity_id: "button.my_car_start_charge" },
    );
    const charging = await render({ ...states, "binary_sensor.charging": ["on"] });
    expect(charging.root.querySelector(".control")?.getAttribute("aria-disabled")).toBe("true");
  });

  it("ignores presses while Stellantis is not responding", async () => {
    const { hass, root } = await render({ "switch.charge": ["unavailable"] });
    const call = vi.spyOn(hass, "callService");
    root.querySelector<HTMLButtonElement>(".control")?.click();
    expect(call).not.toHaveBeenCalled();
  });

  it("says to screen readers what a control does", async () => {
    const { root } = await render({
      "switch.charge": ["on", { progress: "Sent to the car" }],
    });
    expect(root.querySelector(".announcement")?.textContent).toBe("Charging: Sent to the car");
  });

  it("shows what was known before the page was opened", async () => {
    const states: States = { "sensor.odometer": ["unavailable"] };
    const hass = homeAssistant({ ...states, "sensor.battery_level": ["unavailable"] });
    vi.spyOn(hass, "callWS").mockResolvedValue({
      "sensor.my_car_battery_level": [{ s: "61", a: {}, lu: 1_773_800_000 }],
    });
    const card = new StellantisConnectCard();
    card.setConfig({ type: "", device_id: DEVICE });
    card.hass = hass;
    document.body.append(card);
    await vi.waitFor(() => {
      expect(card.renderRoot.querySelector("stellantis-connect-level-ring")).not.toBeNull();
    });
  });

  it("shows the last charges with their costs, newest first", async () => {
    const hass = homeAssistant({
      "sensor.last_charge_energy": ["7.7", { unit_of_measurement: "kWh" }],
      "sensor.last_charge_cost": ["1.54", { unit_of_measurement: "EUR" }],
    });
    const call = vi.spyOn(hass, "callService");
    call.mockRejectedValueOnce(new Error("Not loaded")).mockResolvedValue({
      response: {
        charges: [
          { ended_at: "2026-03-15T05:00:00+00:00", energy: 12, cost: null },
          { ended_at: "2026-03-17T05:00:00+00:00", energy: 7.7, cost: 1.54, currency: "EUR" },
        ],
      },
    });
    const card = new StellantisConnectCard();
    card.setConfig({ type: "", device_id: DEVICE });
    card.hass = hass;
    document.body.append(card);
    const rows = () =>
      [...card.renderRoot.querySelectorAll(".last_charges li > span:first-child")].map(
        ({ textContent }) => textContent,
      );
    await card.updateComplete;
    expect(rows()).toEqual(["7.7 kWh\u00a0· 1.54 EUR"]);
    await vi.waitFor(() => {
      card.requestUpdate();
      expect(call).toHaveBeenCalledTimes(2);
    });
    await vi.waitFor(() => {
      expect(rows()).toEqual(["7.7 kWh\u00a0· 1.54 EUR", "12 kWh"]);
    });
  });

  it("shows since when Stellantis is not responding", async () => {
    const { text } = await render({ "sensor.odometer": ["unavailable"] });
    expect(text()).toContain("Disconnected from Stellantis since");
  });

  it.each([
    [{ device_id: undefined }, "Select a car."],
    [{ device_id: "gone" }, "This car no longer exists."],
  ])("explains a configuration without a car", async (config, message) => {
    const { text } = await render({}, config);
    expect(text()).toContain(message);
  });

  it("does not render for states of other devices", async () => {
    const { card, hass } = await render({ "sensor.odometer": ["1"] });
    const update = vi.spyOn(card as unknown as { render: () => unknown }, "render");
    card.hass = { ...hass, states: { ...hass.states } };
    await card.updateComplete;
    expect(update).not.toHaveBeenCalled();
  });

  it("has a form with a car selector", () => {
    const [device, ...options] = StellantisConnectCard.getConfigForm().schema;
    expect(device).toMatchObject({ name: "device_id", required: true });
    expect(options).toHaveLength(3);
  });
});

describe("card picker", () => {
  it("offers the card for entities of cars", () => {
    const hass = homeAssistant({ "sensor.odometer": ["1"] });
    const { customCards } = window as unknown as {
      customCards: { getEntitySuggestion: (hass: unknown, id: string) => unknown }[];
    };
    expect(customCards[0]?.getEntitySuggestion(hass, "sensor.my_car_odometer")).toEqual({
      config: { type: "custom:stellantis-connect-card", device_id: DEVICE },
    });
    expect(customCards[0]?.getEntitySuggestion(hass, "sun.sun")).toBeNull();
  });
});

describe("dashboard strategy", () => {
  it("is offered for a new dashboard", () => {
    const { customStrategies } = window as unknown as { customStrategies: { type: string }[] };
    expect(customStrategies.map(({ type }) => type)).toEqual([STRATEGY_TYPE]);
  });

  it("makes a view of all cars and one of each", () => {
    const { views } = dashboard(homeAssistant({ "sensor.odometer": ["1"] }));
    expect(views.map(({ title }) => title)).toEqual(["Garage", "My car"]);
  });

  it("is generated again only if the cars have changed", () => {
    const before = homeAssistant({ "sensor.odometer": ["1"] });
    const shouldRegenerate = (after: HomeAssistant) =>
      StellantisConnectStrategy.shouldRegenerate({}, before, after);
    const automation = { "automation.other": { entity_id: "automation.other" } };
    expect(shouldRegenerate({ ...before, entities: { ...before.entities, ...automation } })).toBe(
      false,
    );
    expect(shouldRegenerate({ ...before, devices: {} })).toBe(true);
  });

  it("says that there are no cars", () => {
    const [garage] = dashboard(homeAssistant({})).views;
    expect(garage?.sections[0]?.cards[0]?.content).toContain("no cars");
  });

  it("shows controls first, and nothing for diagnosis", () => {
    const hass = homeAssistant({
      "button.refresh": ["unknown"],
      "sensor.odometer": ["1"],
      "button.sound_horn": ["unknown"],
      "lock.lock": ["locked"],
    });
    for (const entry of Object.values(hass.entities)) {
      if (entry?.translation_key === "refresh") entry.entity_category = "diagnostic";
    }
    const tiles = dashboard(hass).views[1]?.sections[1]?.cards ?? [];
    expect(tiles.map(({ entity, state_content }) => [entity, state_content])).toEqual([
      ["lock.my_car_lock", ["state", "progress"]],
      ["button.my_car_sound_horn", ["progress", "device_name"]],
      ["sensor.my_car_odometer", undefined],
    ]);
    const lock = { action: "toggle", confirmation: { text: "Lock or unlock My car?" } };
    const horn = { action: "toggle", confirmation: { text: "Sound the horn of My car?" } };
    expect(tiles.map(({ icon_tap_action }) => icon_tap_action)).toEqual([lock, horn, undefined]);
    expect(tiles.map(({ tap_action }) => tap_action)).toEqual([undefined, horn, undefined]);
  });
});

describe("route", () => {
  it("turns longitude and latitude around", () => {
    const route = routeFrom({
      geometry: {
        coordinates: [
          [2.3, 48.8, 30],
          [2.4, 48.9],
          ["x", 1],
        ],
      },
      properties: { times: ["2026-03-18T05:00:00+00:00", null] },
    });
    expect(route?.points.map(({ point }) => point)).toEqual([
      [48.8, 2.3],
      [48.9, 2.4],
    ]);
  });

  it.each([undefined, null, {}, { geometry: null }, { geometry: { coordinates: [[1, 2]] } }])(
    "does not exist in %j",
    (response) => {
      expect(routeFrom(response)).toBeUndefined();
    },
  );
});
