/** A car as the card shows it, read from the entities of its device. */

import type { DeviceRegistryEntry, HassEntity, HomeAssistant } from "./hass";
import type { PathPoint } from "./map";

export const DOMAIN = "stellantis_connect";

/** Domain and translation key of an entity. */
export type EntityKey = `${string}.${string}`;

const UNAVAILABLE = new Set(["unavailable", "unknown"]);

/** Return the devices of the integration that are cars, sorted by name. */
export function vehicleDevices(hass: HomeAssistant): DeviceRegistryEntry[] {
  const ids = new Set(
    Object.values(hass.entities)
      .filter((entry) => entry?.platform === DOMAIN)
      .map((entry) => entry?.device_id),
  );
  return Object.values(hass.devices)
    .filter((device) => device !== undefined)
    .filter((device) => ids.has(device.id) && device.entry_type !== "service")
    .sort((a, b) => deviceName(a).localeCompare(deviceName(b)));
}

export function deviceName(device: DeviceRegistryEntry): string {
  return device.name_by_user ?? device.name ?? "";
}

/** Return the entity IDs of a device by their keys. */
export function entityIds(hass: HomeAssistant, deviceId: string): Map<EntityKey, string> {
  const found = new Map<EntityKey, string>();
  for (const entry of Object.values(hass.entities)) {
    if (entry?.device_id !== deviceId || entry.platform !== DOMAIN) continue;
    const domain = entry.entity_id.slice(0, entry.entity_id.indexOf("."));
    const key: EntityKey = `${domain}.${entry.translation_key ?? domain}`;
    if (!found.has(key)) found.set(key, entry.entity_id);
  }
  return found;
}

/** Read-only view of one car in one state of Home Assistant. */
export class Vehicle {
  constructor(
    private readonly hass: HomeAssistant,
    private readonly ids: ReadonlyMap<EntityKey, string>,
    private readonly lastStates: Map<string, HassEntity> = new Map(),
  ) {
    for (const id of ids.values()) {
      const state = hass.states[id];
      if (state && state.state !== "unavailable") lastStates.set(id, state);
    }
  }

  has(key: EntityKey): boolean {
    return this.ids.has(key);
  }

  /** Return the state of an entity, the last available one while Stellantis is not responding. */
  entity(key: EntityKey): HassEntity | undefined {
    const id = this.ids.get(key);
    return id === undefined ? undefined : (this.lastStates.get(id) ?? this.hass.states[id]);
  }

  /** Return the name of an entity without that of the car. */
  name(key: EntityKey): string {
    const entity = this.entity(key);
    return entity ? this.hass.formatEntityName(entity, { type: "entity" }) : "";
  }

  /** Return the raw state of an entity if it has a value. */
  value(key: EntityKey): string | undefined {
    const state = this.entity(key)?.state;
    return state === undefined || UNAVAILABLE.has(state) ? undefined : state;
  }

  number(key: EntityKey): number | undefined {
    const value = this.value(key);
    const number = value === undefined ? NaN : Number(value);
    return Number.isFinite(number) ? number : undefined;
  }

  /** Return the state of an entity in the user's language and units if it has a value. */
  text(key: EntityKey): string | undefined {
    const entity = this.entity(key);
    return entity && this.value(key) !== undefined
      ? this.hass.formatEntityState(entity)
      : undefined;
  }

  /** Return a value as the user's settings show that of an entity. */
  format(key: EntityKey, value: number | undefined, unit: string): string | undefined {
    if (value === undefined) return undefined;
    const entity = this.entity(key);
    if (!entity) return `${value} ${unit}`;
    const attributes = { ...entity.attributes, unit_of_measurement: unit };
    return this.hass.formatEntityState({ ...entity, state: String(value), attributes });
  }

  time(key: EntityKey): Date | undefined {
    return dateFrom(this.value(key));
  }

  /** Return whether a control shows what was requested rather than what the car reported. */
  isPending(key: EntityKey): boolean {
    const entity = this.presentState(key);
    return (
      this.progress(key) !== undefined ||
      entity?.attributes.assumed_state === true ||
      entity?.state === "locking" ||
      entity?.state === "unlocking"
    );
  }

  /** Return whether an entity has a state now, whatever was known before. */
  isAvailable(key: EntityKey): boolean {
    return !["unavailable", undefined].includes(this.presentState(key)?.state);
  }

  /** Return how far the pending command of a control is, in words. */
  progress(key: EntityKey): string | undefined {
    const progress: unknown = this.presentState(key)?.attributes.progress;
    return typeof progress === "string" ? progress : undefined;
  }

  /** Return since when a car's data is not fetched, and whether the integration is running. */
  get outage(): { since: Date; isRunning: boolean } | undefined {
    const connection = this.presentState("binary_sensor.connection");
    if (connection?.state === "off") {
      const since: unknown = connection.attributes.disconnected_since;
      return {
        since: new Date(typeof since === "string" ? since : connection.last_changed),
        isRunning: true,
      };
    }
    const state = connection ?? this.presentState("sensor.odometer");
    if (state?.state !== "unavailable") return undefined;
    return {
      since: new Date(state.last_changed),
      isRunning: state.attributes.restored !== true,
    };
  }

  /** Return when the car last sent data. */
  get updatedAt(): Date | undefined {
    return dateFrom(this.entity("binary_sensor.connection")?.attributes.last_update);
  }

  /** Return the level of the battery, else that of the fuel. */
  get level(): { percent: number; electric: boolean } | undefined {
    const battery = this.number("sensor.battery_level");
    if (battery !== undefined) return { percent: battery, electric: true };
    const fuel = this.number("sensor.fuel_level");
    return fuel === undefined ? undefined : { percent: fuel, electric: false };
  }

  get range(): string | undefined {
    return (
      this.text("sensor.electric_range") ??
      this.text("sensor.total_range") ??
      this.text("sensor.fuel_range")
    );
  }

  /** Return level and range of the fuel where those of the battery come first. */
  get secondRange(): string[] {
    if (this.number("sensor.battery_level") === undefined) return [];
    return [this.text("sensor.fuel_level"), this.text("sensor.fuel_range")].filter(
      (text) => text !== undefined,
    );
  }

  get chargeLimit(): number | undefined {
    const limit = this.number("number.charge_limit");
    return limit === undefined || limit >= 100 ? undefined : limit;
  }

  get isCharging(): boolean {
    return this.value("binary_sensor.charging") === "on";
  }

  get chargingState(): string | undefined {
    return this.text("sensor.charging_state") ?? this.text("sensor.charging_status");
  }

  private presentState(key: EntityKey): HassEntity | undefined {
    const id = this.ids.get(key);
    return id === undefined ? undefined : this.hass.states[id];
  }

  get picture(): string | undefined {
    // Without a state, the picture couldn't be fetched yet.
    if (this.value("image.picture") === undefined) return undefined;
    const picture: unknown = this.entity("image.picture")?.attributes.entity_picture;
    return typeof picture === "string" ? picture : undefined;
  }

  /** Return the names of the critical alerts. */
  get criticalAlerts(): string[] {
    const names: unknown = this.entity("binary_sensor.problem")?.attributes.alerts;
    return (Array.isArray(names) ? names : []).filter((name) => typeof name === "string");
  }

  get position(): PathPoint | undefined {
    const entity = this.entity("device_tracker.position");
    const { latitude, longitude } = entity?.attributes ?? {};
    return entity && typeof latitude === "number" && typeof longitude === "number"
      ? { point: [latitude, longitude], timestamp: new Date(entity.last_updated) }
      : undefined;
  }

  /** Return what changes with the last trip, if there is one. */
  get lastTrip(): string | undefined {
    return this.lastTripEnd?.toISOString();
  }

  get lastTripEnd(): Date | undefined {
    return dateFrom(this.entity("sensor.last_trip_distance")?.attributes.ended_at);
  }

  /** Return what changes with the last charge, if there is one. */
  get lastCharge(): string | undefined {
    const keys: EntityKey[] = ["sensor.last_charge_energy", "sensor.last_charge_cost"];
    const found = keys.filter((key) => this.value(key) !== undefined);
    return found.length > 0
      ? found.map((key) => `${this.value(key)} ${this.entity(key)?.last_changed}`).join()
      : undefined;
  }

  get isAlarmTriggered(): boolean {
    return this.value("binary_sensor.alarm_triggered") === "on";
  }
}

function dateFrom(value: unknown): Date | undefined {
  const date = typeof value === "string" ? new Date(value) : undefined;
  return date && !Number.isNaN(date.getTime()) ? date : undefined;
}

/** What a car's view depends on besides states; the formats change once translations are loaded. */
const DEPENDENCIES = ["entities", "devices", "locale", "formatEntityState"] as const;

/** Return whether two states of Home Assistant differ in what a view of the given entities shows. */
export function hasChanged(
  before: HomeAssistant | undefined,
  after: HomeAssistant,
  ids: Iterable<string>,
): boolean {
  if (before === undefined || DEPENDENCIES.some((key) => before[key] !== after[key])) return true;
  for (const id of ids) if (before.states[id] !== after.states[id]) return true;
  return false;
}
