/** Dashboard strategy: a view of all cars, and a view of each. */

import { AUTOMATIONS_TYPE } from "./automations-card";
import { CARD_TYPE } from "./card";
import type { HomeAssistant } from "./hass";
import { localize, type TextKey } from "./localize";
import { deviceName, entityIds, vehicleDevices, type EntityKey } from "./vehicle";

export const STRATEGY_TYPE = "stellantis-connect";

const CARD = { type: `custom:${CARD_TYPE}` };
const AUTOMATIONS = { type: `custom:${AUTOMATIONS_TYPE}` };

interface View {
  title: string;
  path: string;
  icon?: string;
  type: "sections";
  sections: { type: "grid"; cards: Record<string, unknown>[] }[];
}

/** Return the dashboard of all cars of the integration. */
export function dashboard(hass: HomeAssistant): { views: View[] } {
  const devices = vehicleDevices(hass);
  const { language } = hass.locale;
  const garage: View = {
    title: localize(language, "garage"),
    path: "garage",
    icon: "mdi:garage",
    type: "sections",
    sections:
      devices.length > 0
        ? devices.map((device) => ({
            type: "grid",
            cards: [{ ...CARD, device_id: device.id, show_map: false, show_history: false }],
          }))
        : [{ type: "grid", cards: [{ type: "markdown", content: localize(language, "no_cars") }] }],
  };
  const views = devices.map((device): View => {
    const ids = entityIds(hass, device.id);
    const tiles = [...ids]
      .filter(([key, id]) => isTile(hass, key, id))
      .sort(([a], [b]) => TILE_DOMAINS.indexOf(domainOf(a)) - TILE_DOMAINS.indexOf(domainOf(b)))
      .map(([key, entity]) => tile(hass, deviceName(device), key, entity));
    return {
      title: deviceName(device),
      path: `car-${device.id}`,
      type: "sections",
      sections: [
        { type: "grid", cards: [{ ...CARD, device_id: device.id }] },
        { type: "grid", cards: [...outageTiles(ids), ...tiles] },
        ...(hass.user?.is_admin
          ? [{ type: "grid" as const, cards: [{ ...AUTOMATIONS, device_id: device.id }] }]
          : []),
      ],
    };
  });
  return { views: [garage, ...views] };
}

/** The controls whose effect people around the car notice, and the texts to confirm them. */
const CONFIRMED: Partial<Record<EntityKey, TextKey>> = {
  "button.sound_horn": "confirm_horn",
  "lock.lock": "confirm_lock",
};

function tile(hass: HomeAssistant, car: string, key: EntityKey, entity: string) {
  const domain = domainOf(key);
  const text = CONFIRMED[key];
  const confirmation = text && { text: localize(hass.locale.language, text, { car }) };
  const toggle = { action: "toggle", ...(confirmation && { confirmation }) };
  return {
    type: "tile",
    entity,
    name: { type: "entity" },
    ...(CONTROLS.includes(domain) && { state_content: ["state", "progress"] }),
    ...(confirmation && { icon_tap_action: toggle }),
    // The state of a button is when it was pressed.
    ...(domain === "button" && {
      state_content: ["progress", "device_name"],
      tap_action: toggle,
    }),
  };
}

/** Return a tile that is shown while Stellantis is not responding, and since when. */
function outageTiles(ids: ReadonlyMap<EntityKey, string>) {
  const entity = ids.get("binary_sensor.connection");
  if (entity === undefined) return [];
  return [
    {
      type: "tile",
      entity,
      name: { type: "entity" },
      state_content: ["state", "disconnected_since"],
      visibility: [{ condition: "state", entity, state: "off" }],
      grid_options: { columns: "full" },
    },
  ];
}

const CONTROLS = ["lock", "switch", "number", "select", "time"];
const TILE_DOMAINS = [...CONTROLS.slice(0, 2), "button", ...CONTROLS.slice(2), "sensor"];

function domainOf(key: EntityKey): string {
  return key.slice(0, key.indexOf("."));
}

function isTile(hass: HomeAssistant, key: EntityKey, id: string): boolean {
  const entry = hass.entities[id];
  return (
    TILE_DOMAINS.includes(domainOf(key)) &&
    !key.startsWith("sensor.last_") &&
    hass.states[id] !== undefined &&
    entry?.entity_category !== "diagnostic" &&
    !(entry?.entity_category === "config" && key.startsWith("button.")) &&
    !entry?.hidden
  );
}

export class StellantisConnectStrategy extends HTMLElement {
  static generate(_config: unknown, hass: HomeAssistant): Promise<{ views: View[] }> {
    return Promise.resolve(dashboard(hass));
  }

  /** Return whether the cars have changed: others' entities would make the views again. */
  static shouldRegenerate(_config: unknown, before: HomeAssistant, after: HomeAssistant): boolean {
    return (
      (before.entities !== after.entities || before.devices !== after.devices) &&
      JSON.stringify(dashboard(before)) !== JSON.stringify(dashboard(after))
    );
  }
}

customElements.define(`ll-strategy-dashboard-${STRATEGY_TYPE}`, StellantisConnectStrategy);
