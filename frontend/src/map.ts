/** The route of the last trip on Home Assistant's map. */

import type { HomeAssistant } from "./hass";
import { DOMAIN } from "./vehicle";

export type Point = [latitude: number, longitude: number];

export interface PathPoint {
  point: Point;
  timestamp: Date;
}

/** A line on Home Assistant's map. */
export interface Path {
  points: PathPoint[];
  gradualOpacity?: number;
}

/** Home Assistant's map element. */
export interface MapElement extends HTMLElement {
  fitBounds?(points: Point[], options: { pad: number; padding: Record<string, number> }): void;
}

/** The routes that were read, by device and trip: each costs a request to Stellantis. */
const routes = new Map<string, Promise<Path | undefined>>();

/** Return the route of a car's last trip, if Stellantis has one. */
export function loadRoute(
  hass: HomeAssistant,
  deviceId: string,
  trip: string,
): Promise<Path | undefined> {
  const key = `${deviceId} ${trip}`;
  const route = routes.get(key) ?? readRoute(hass, deviceId).catch(() => undefined);
  routes.set(key, route);
  return route;
}

async function readRoute(hass: HomeAssistant, deviceId: string): Promise<Path | undefined> {
  const result = await hass.callService(
    DOMAIN,
    "get_trip_waypoints",
    { device_id: deviceId },
    undefined,
    false,
    true,
  );
  return routeFrom(result?.response);
}

/** Return the lines on the map: the route, and a last known position as a point. */
export function paths(route: Path | undefined, last: PathPoint | undefined): Path[] {
  return [...(route ? [route] : []), ...(last ? [{ points: [last] }] : [])];
}

/** Return the route in a GeoJSON feature, whose coordinates are longitude first. */
export function routeFrom(response: unknown): Path | undefined {
  const feature = response as {
    geometry?: { coordinates?: unknown } | null;
    properties?: { times?: (string | null)[] };
  } | null;
  const coordinates = feature?.geometry?.coordinates;
  if (!Array.isArray(coordinates)) return undefined;
  const times = feature?.properties?.times ?? [];
  const points = coordinates.filter(isCoordinate).map(([longitude, latitude], index) => ({
    point: [latitude, longitude] as Point,
    timestamp: new Date(times[index] ?? 0),
  }));
  return points.length > 1 ? { points, gradualOpacity: 0.6 } : undefined;
}

function isCoordinate(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length >= 2 && value.slice(0, 2).every(Number.isFinite);
}
