import { describe, expect, it, vi } from "vitest";
import { readLastStates } from "../src/history";
import { homeAssistant } from "./hass";

const ID = "sensor.my_car_odometer";

describe("readLastStates", () => {
  it("reads only what is unavailable", async () => {
    const hass = homeAssistant({ "sensor.odometer": ["1200"] });
    const call = vi.spyOn(hass, "callWS");
    expect(await readLastStates(hass, [ID])).toEqual([]);
    expect(call).not.toHaveBeenCalled();
  });

  it("returns the state from before the outage with its attributes", async () => {
    const hass = homeAssistant({
      "sensor.odometer": ["unavailable", { friendly_name: "Odometer" }],
    });
    const call = vi
      .spyOn(hass, "callWS")
      .mockResolvedValue({ [ID]: [{ s: "1200", a: { unit_of_measurement: "km" }, lu: 1000 }] });
    expect(await readLastStates(hass, [ID])).toMatchObject([
      {
        entity_id: ID,
        state: "1200",
        attributes: { friendly_name: "Odometer", unit_of_measurement: "km" },
        last_changed: "1970-01-01T00:16:40.000Z",
      },
    ]);
    expect(call).toHaveBeenCalledExactlyOnceWith({
      type: "history/history_during_period",
      start_time: "2026-03-18T04:59:59.000Z",
      end_time: "2026-03-18T05:00:00.000Z",
      entity_ids: [ID],
    });
  });

  it("looks further back if Home Assistant was restarted in the outage", async () => {
    const hass = homeAssistant({ "sensor.odometer": ["unavailable"] });
    vi.spyOn(hass, "callWS")
      .mockResolvedValueOnce({ [ID]: [{ s: "unavailable", lu: 3000 }] })
      .mockResolvedValueOnce({
        [ID]: [
          { s: "1100", lu: 1000 },
          { s: "1200", lu: 2000 },
          { s: "unavailable", lu: 3000 },
        ],
      });
    expect(await readLastStates(hass, [ID])).toMatchObject([{ state: "1200" }]);
  });

  it("returns nothing if nothing is recorded", async () => {
    const hass = homeAssistant({ "sensor.odometer": ["unavailable"] });
    const call = vi.spyOn(hass, "callWS").mockResolvedValue({});
    expect(await readLastStates(hass, [ID])).toEqual([]);
    expect(call).toHaveBeenCalledTimes(3);
  });
});
