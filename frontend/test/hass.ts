/** A car in Home Assistant, as the tests need it. */

import type { HassEntity, HomeAssistant } from "../src/hass";

export const DEVICE = "device-1";

export function entity(
  entityId: string,
  state: string,
  attributes: Record<string, unknown> = {},
): HassEntity {
  return {
    entity_id: entityId,
    state,
    attributes,
    last_changed: "2026-03-18T05:00:00+00:00",
    last_updated: "2026-03-18T05:00:00+00:00",
    context: { id: "", user_id: null, parent_id: null },
  };
}

type States = Record<string, [state: string, attributes?: Record<string, unknown>]>;

/** Return a Home Assistant with one car; keys are domain and translation key. */
export function homeAssistant(states: States, language = "en"): HomeAssistant {
  const ids = Object.keys(states).map((key) => [key, key.replace(".", ".my_car_")] as const);
  const calls: unknown[] = [];
  return {
    states: Object.fromEntries(
      ids.map(([key, id]) => [id, entity(id, states[key]?.[0] ?? "", states[key]?.[1])]),
    ),
    entities: Object.fromEntries(
      ids.map(([key, id]) => [
        id,
        {
          entity_id: id,
          device_id: DEVICE,
          platform: "stellantis_connect",
          translation_key: key.slice(key.indexOf(".") + 1),
        },
      ]),
    ),
    devices: {
      [DEVICE]: {
        id: DEVICE,
        name: "My car",
        name_by_user: null,
        entry_type: null,
      },
      account: {
        id: "account",
        name: "Account",
        name_by_user: null,
        entry_type: "service",
      },
    },
    locale: { language, time_format: "24", time_zone: "server" },
    config: { time_zone: "Europe/Paris" },
    user: { id: "user-1", is_admin: true },
    callApi: () => Promise.reject(new Error("unknown path")),
    callWS: () => Promise.reject(new Error("unknown command")),
    callService: (...call: unknown[]) => {
      calls.push(call);
      return Promise.resolve(undefined);
    },
    formatEntityState: (state) => {
      const unit = state.attributes.unit_of_measurement;
      return unit ? `${state.state} ${unit}` : state.state;
    },
    formatEntityName: (state) => String(state.attributes.friendly_name).replace("My car ", ""),
  };
}
