import { describe, expect, it } from "vitest";
import { Vehicle, entityIds, hasChanged, vehicleDevices } from "../src/vehicle";
import type { HassEntity } from "../src/hass";
import { DEVICE, entity, homeAssistant } from "./hass";

function vehicle(states: Parameters<typeof homeAssistant>[0]): Vehicle {
  const hass = homeAssistant(states);
  return new Vehicle(hass, entityIds(hass, DEVICE));
}

describe("vehicleDevices", () => {
  it("returns cars and leaves out the account", () => {
    const hass = homeAssistant({ "sensor.odometer": ["1"] });
    expect(vehicleDevices(hass).map(({ id }) => id)).toEqual([DEVICE]);
  });
});

describe("Vehicle", () => {
  it("takes the level of the battery before that of the fuel", () => {
    const plugIn = vehicle({ "sensor.battery_level": ["40"], "sensor.fuel_level": ["70"] });
    expect(plugIn.level).toEqual({ percent: 40, electric: true });
    expect(vehicle({ "sensor.fuel_level": ["70"] }).level).toEqual({
      percent: 70,
      electric: false,
    });
  });

  it.each(["unknown", "unavailable", "text"])("has no level while it is %s", (state) => {
    expect(vehicle({ "sensor.battery_level": [state] }).level).toBeUndefined();
  });

  it("has no charge limit at 100 %", () => {
    expect(vehicle({ "number.charge_limit": ["100"] }).chargeLimit).toBeUndefined();
    expect(vehicle({ "number.charge_limit": ["80"] }).chargeLimit).toBe(80);
  });

  it("is pending while a state is assumed or a lock moves", () => {
    const car = vehicle({
      "switch.charge": ["on", { assumed_state: true }],
      "lock.lock": ["locking"],
      "switch.precondition": ["off"],
    });
    expect(car.isPending("switch.charge")).toBe(true);
    expect(car.isPending("lock.lock")).toBe(true);
    expect(car.isPending("switch.precondition")).toBe(false);
  });

  it("keeps the last values while Stellantis is not responding", () => {
    const before = homeAssistant({ "sensor.odometer": ["1200"] });
    const ids = entityIds(before, DEVICE);
    const lastStates = new Map<string, HassEntity>();
    new Vehicle(before, ids, lastStates);
    const after = homeAssistant({ "sensor.odometer": ["unavailable"] });
    const car = new Vehicle(after, ids, lastStates);
    expect(car.number("sensor.odometer")).toBe(1200);
    expect(car.isAvailable("sensor.odometer")).toBe(false);
    expect(car.outage).toEqual({ since: new Date("2026-03-18T05:00:00Z"), isRunning: true });
  });

  it("says since when Stellantis is not responding while values are still available", () => {
    const attributes = { disconnected_since: "2026-03-18T04:00:00+00:00" };
    const car = vehicle({
      "binary_sensor.connection": ["off", attributes],
      "sensor.odometer": ["1200"],
    });
    expect(car.outage).toEqual({ since: new Date("2026-03-18T04:00:00Z"), isRunning: true });
    expect(vehicle({ "binary_sensor.connection": ["on", attributes] }).outage).toBeUndefined();
  });

  it("has not failed while Stellantis responds", () => {
    expect(vehicle({ "sensor.odometer": ["1200"] }).outage).toBeUndefined();
  });

  it("distinguishes an integration that is not running", () => {
    const car = vehicle({ "sensor.odometer": ["unavailable", { restored: true }] });
    expect(car.outage?.isRunning).toBe(false);
  });

  it("shows the fuel of a plug-in hybrid after its battery", () => {
    const fuel: Parameters<typeof homeAssistant>[0] = {
      "sensor.fuel_level": ["70"],
      "sensor.fuel_range": ["510"],
    };
    expect(vehicle({ ...fuel, "sensor.battery_level": ["40"] }).secondRange).toEqual(["70", "510"]);
    expect(vehicle(fuel).secondRange).toEqual([]);
  });
});

describe("hasChanged", () => {
  it("is true for states of the car only", () => {
    const before = homeAssistant({ "sensor.odometer": ["1"] });
    const ids = [...entityIds(before, DEVICE).values()];
    const other = { ...before, states: { ...before.states, "sun.sun": entity("sun.sun", "x") } };
    expect(hasChanged(before, other, ids)).toBe(false);
    const moved = { ...before, states: {} };
    expect(hasChanged(before, moved, ids)).toBe(true);
    expect(hasChanged(undefined, before, ids)).toBe(true);
  });

  it("is true once a device is renamed or translations are loaded", () => {
    const before = homeAssistant({ "sensor.odometer": ["1"] });
    expect(hasChanged(before, { ...before, devices: {} }, [])).toBe(true);
    expect(hasChanged(before, { ...before, formatEntityState: () => "" }, [])).toBe(true);
  });
});
