/** The large buttons of the card: lock, climate, and charging. */

import type { TextKey } from "./localize";
import type { EntityKey, Vehicle } from "./vehicle";

export interface Control {
  key: EntityKey;
  icon: string;
  label: TextKey;
  /** Text of the present state. */
  state: TextKey;
  /** Text of what pressing the button does, if it does anything now. */
  action: TextKey | undefined;
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
    switchControl(vehicle, "switch.charge", "charging", "mdi:ev-station") ?? startControl(vehicle),
  ].filter((control) => control !== undefined);
}

function lockControl(vehicle: Vehicle): Control | undefined {
  const key = "lock.lock";
  if (!vehicle.has(key)) return undefined;
  const state = vehicle.value(key);
  const locked = state === "locked" || state === "locking";
  const shown = locked ? "locked" : "unlocked";
  return {
    key,
    icon: locked ? "mdi:lock" : "mdi:lock-open-variant",
    label: "doors",
    state: state === undefined ? "unknown" : shown,
    action: ifAvailable(vehicle, key, locked ? "unlock" : "lock"),
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
  const state = vehicle.value(key);
  const on = state === "on";
  const shown = on ? "on" : "off";
  return {
    key,
    icon,
    label: name,
    state: state === undefined ? "unknown" : shown,
    action: ifAvailable(vehicle, key, `${on ? "stop" : "start"}_${name}`),
    active: on,
    pending: vehicle.isPending(key),
    confirm: false,
    domain: "switch",
    service: on ? "turn_off" : "turn_on",
  };
}

/** Return the control of a car whose charging can be started only. */
function startControl(vehicle: Vehicle): Control | undefined {
  const key = "button.start_charge";
  if (!vehicle.has(key)) return undefined;
  return {
    key,
    icon: "mdi:ev-station",
    label: "charging",
    state: vehicle.isCharging ? "on" : "off",
    action: vehicle.isCharging ? undefined : ifAvailable(vehicle, key, "start_charging"),
    active: vehicle.isCharging,
    pending: vehicle.isPending(key),
    confirm: false,
    domain: "button",
    service: "press",
  };
}

function ifAvailable(vehicle: Vehicle, key: EntityKey, action: TextKey): TextKey | undefined {
  return vehicle.isAvailable(key) ? action : undefined;
}
