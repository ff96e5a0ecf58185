/// <reference types="vite/client" />
/** The integration's blueprints, and the inputs with which a car uses them. */

import type { EntityKey } from "./vehicle";

const REPOSITORY = "https://github.com/stellantis-connect/stellantis-connect";
const FOLDER = "blueprints/automation/stellantis_connect";

const FILES = import.meta.glob<string>("../../blueprints/automation/stellantis_connect/*.yaml", {
  query: "?raw",
  import: "default",
  eager: true,
});

export interface Blueprint {
  icon: string;
  /** Entities that the car must have. */
  required?: EntityKey[];
  /** Entities of the car by the inputs that they are for; the first that exists is taken. */
  entities?: Record<string, EntityKey[]>;
  /** Inputs that the text names, or whose default does nothing. */
  inputs?: Record<string, unknown>;
  /** Inputs that only the owner knows. */
  fields?: ("time" | "price" | "limit")[];
}

const BATTERY: EntityKey[] = ["sensor.battery_level"];

/** The blueprints by the names of their files. */
export const BLUEPRINTS = {
  charged_to_level: {
    icon: "mdi:battery-charging-80",
    required: BATTERY,
    inputs: { level: 80 },
  },
  plug_in_reminder: {
    icon: "mdi:power-plug-off",
    required: ["binary_sensor.plugged"],
    entities: { battery: BATTERY },
    inputs: { level: 50 },
  },
  left_open_or_unlocked: {
    icon: "mdi:car-door-lock-open",
    entities: {
      lock: ["lock.lock", "binary_sensor.locked"],
      openings: ["binary_sensor.any_opening"],
      moving: ["binary_sensor.moving"],
    },
  },
  critical_alert: { icon: "mdi:alert" },
  arrived_or_left: {
    icon: "mdi:home-import-outline",
    required: ["device_tracker.position"],
    inputs: { zone: "zone.home", event: "arrived" },
  },
  warm_before_departure: {
    icon: "mdi:fan-clock",
    entities: {
      preconditioning: ["switch.precondition"],
      temperature: ["sensor.outside_temperature"],
    },
    inputs: { weekdays: ["mon", "tue", "wed", "thu", "fri"] },
    fields: ["time"],
  },
  scheduled_wake_up: {
    icon: "mdi:alarm",
    required: ["button.wake_up", "binary_sensor.charging"],
    entities: { wake_ups: ["sensor.wake_ups"] },
    inputs: { budget: 60 },
  },
  charge_by_price: {
    icon: "mdi:cash-clock",
    entities: { charging: ["switch.charge"], battery: BATTERY },
    inputs: { minimum: 20, maximum: 80 },
    fields: ["price", "limit"],
  },
} satisfies Record<string, Blueprint>;

export type BlueprintName = keyof typeof BLUEPRINTS;

export const BLUEPRINT_NAMES = Object.keys(BLUEPRINTS) as BlueprintName[];

/** Return a blueprint as YAML. */
export function blueprintFile(name: BlueprintName): string {
  return FILES[`../../${FOLDER}/${name}.yaml`] ?? "";
}

/** Return from where Home Assistant would import a blueprint. */
export function sourceUrl(name: BlueprintName): string {
  return `${REPOSITORY}/blob/main/${FOLDER}/${name}.yaml`;
}
