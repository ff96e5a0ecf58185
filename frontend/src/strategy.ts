/** Dashboard strategy: a view of all cars, and a view of each. */

import { CARD_TYPE } from "./card";
import type { HomeAssistant } from "./hass";
import { localize } from "./localize";
import { deviceName, entityIds, vehicleDevices } from "./vehicle";

const CARD = { type: `custom:${CARD_TYPE}` };

interface View {
  title: string;
  path: string;
  icon: string;
  type: "sections";
  sections: { type: "grid"; cards: Record<string, unknown>[] }[];
}

/** Return the dashboard of all cars of the integration. */
export function dashboard(hass: HomeAssistant): { views: View[] } {
  const devices = vehicleDevices(hass);
  const garage: View = {
    title: localize(hass.locale.language, "garage"),
    path: "garage",
    icon: "mdi:garage",
    type: "sections",
    sections: devices.map((device) => ({
      type: "grid",
      cards: [{ ...CARD, device_id: device.id, show_map: false, show_history: false }],
    })),
  };
  const views = devices.map((device): View => {
    const ids = entityIds(hass, device.id);
    const tiles = [...ids.entries()]
      .filter(([key, id]) => isTile(key) && hass.states[id] !== undefined)
      .filter(([, id]) => !hass.entities[id]?.hidden)
      .map(([, entity]) => ({ type: "tile", entity, name: { type: "entity" } }));
    return {
      title: deviceName(device),
      path: `car-${device.id}`,
      icon: "mdi:car",
      type: "sections",
      sections: [
        { type: "grid", cards: [{ ...CARD, device_id: device.id }] },
        { type: "grid", cards: tiles },
      ],
    };
  });
  return { views: [garage, ...views] };
}

const TILE_DOMAINS = new Set(["number", "select", "switch", "lock", "sensor", "button"]);

function isTile(key: string): boolean {
  return TILE_DOMAINS.has(key.slice(0, key.indexOf("."))) && !key.startsWith("sensor.last_");
}

export class StellantisConnectStrategy extends HTMLElement {
  static generate(_config: unknown, hass: HomeAssistant): Promise<{ views: View[] }> {
    return Promise.resolve(dashboard(hass));
  }
}

customElements.define("ll-strategy-dashboard-stellantis-connect", StellantisConnectStrategy);
