/** The parts of Home Assistant's frontend objects that the card uses. */

import type { HassEntity } from "home-assistant-js-websocket";

export type { HassEntity };

export interface EntityRegistryEntry {
  entity_id: string;
  device_id?: string;
  platform?: string;
  translation_key?: string;
  entity_category?: "config" | "diagnostic";
  hidden?: boolean;
}

export interface DeviceRegistryEntry {
  id: string;
  name: string | null;
  name_by_user: string | null;
  entry_type: string | null;
}

export interface HomeAssistant {
  states: Record<string, HassEntity | undefined>;
  entities: Record<string, EntityRegistryEntry | undefined>;
  devices: Record<string, DeviceRegistryEntry | undefined>;
  locale: { language: string; time_format: string; time_zone: string };
  config: { time_zone: string };
  user?: { id: string; is_admin: boolean };
  callApi<T>(method: "POST", path: string, parameters: Record<string, unknown>): Promise<T>;
  callWS<T>(message: Record<string, unknown> & { type: string }): Promise<T>;
  callService(
    domain: string,
    service: string,
    data?: Record<string, unknown>,
    target?: { entity_id: string },
    notifyOnError?: boolean,
    returnResponse?: boolean,
  ): Promise<{ response?: unknown } | undefined>;
  formatEntityState(state: HassEntity, value?: string): string;
  formatEntityName(state: HassEntity, name: { type: "entity" }): string;
}

export interface CardConfig {
  type: string;
  device_id?: string;
  show_picture?: boolean;
  show_map?: boolean;
  show_history?: boolean;
}

/** Open a page of Home Assistant. */
export function navigate(path: string): void {
  history.pushState(null, "", path);
  window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace: false } }));
}

interface Failure {
  message?: string;
  /** A text from HTTP, or what is rejected when the connection is lost. */
  error?: string | { message?: string };
  body?: string | { message?: string };
}

/** Return why Home Assistant rejected a request. */
export function reasonOf(failure: unknown): string {
  const { body, error, message } = failure as Failure;
  const reasons = [body, { message }, error].map((part) =>
    typeof part === "object" ? part.message : undefined,
  );
  return reasons.find((reason) => reason !== undefined) ?? String(error ?? failure);
}
