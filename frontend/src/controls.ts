/** The large buttons of the card: lock, climate, and charging. */

import type { TextKey } from "./localize";
import type { EntityKey, Vehicle } from "./vehicle";

export interface Control {
  key: EntityKey;
  icon: string;
  label: TextKey;
  /** Text of the present state. */
  state: TextKey;
  /** Text of what pressing the button does. */
  action: TextKey;
  active: boolean;
  pending: boolean;
  /** Whether the button must be pressed twice. */
  confirm: boolean;
  domain: string;
  service: string;
}

/** Return the controls that a car offers. */
export function controls(vehicle: Vehicle): Control[] {
  return [
    lockControl(vehicle),
    switchControl(vehicle, "switch.precondition", "climate", "mdi:fan"),
    switchControl(vehicle, "switch.charge", "charging", "mdi:ev-station"),
  ].filter((control) => control !== undefined);
}

function lockControl(vehicle: Vehicle): Control | undefined {
  const key = "lock.lock";
  if (!vehicle.has(key)) return undefined;
  const state = vehicle.value(key);
  const locked = state === "locked" || state === "locking";
  return {
    key,
    icon: locked ? "mdi:lock" : "mdi:lock-open-variant",
    label: "lock",
    state: locked ? "locked" : "unlocked",
    action: locked ? "unlock" : "lock",
    active: state !== undefined && !locked,
    pending: vehicle.isPending(key),
    confirm: locked,
    domain: "lock",
    service: locked ? "unlock" : "lock",
  };
}

function switchControl(
  vehicle: Vehicle,
  key: EntityKey,
  name: "climate" | "charging",
  icon: string,
): Control | undefined {
  if (!vehicle.has(key)) return undefined;
  const on = vehicle.value(key) === "on";
  return {
    key,
    icon,
    label: name,
    state: on ? "on" : "off",
    action: `${on ? "stop" : "start"}_${name}`,
    active: on,
    pending: vehicle.isPending(key),
    confirm: false,
    domain: "switch",
    service: on ? "turn_off" : "turn_on",
  };
}
