/** A car's automations that use the integration's blueprints: read and created as Home Assistant's editor does. */

import {
  BLUEPRINTS,
  BLUEPRINT_NAMES,
  blueprintFile,
  sourceUrl,
  type Blueprint,
  type BlueprintName,
} from "./blueprints";
import type { HomeAssistant } from "./hass";
import { deviceName, entityIds } from "./vehicle";

export interface Automation {
  blueprint: BlueprintName;
  entityId: string;
  /** Missing for an automation that cannot be edited in the interface. */
  id: string | undefined;
}

interface Input {
  default?: unknown;
  selector?: Record<string, unknown>;
}

/** A blueprint in Home Assistant. */
export interface InstalledBlueprint {
  path: string;
  inputs: Record<string, Input>;
}

type Section = Input & { input?: Record<string, Input> };

interface BlueprintMetadata {
  source_url?: string;
  input?: Record<string, Section>;
}

interface AutomationConfig {
  id?: string;
}

/** Return the blueprints that a car has the entities for. */
export function offeredBlueprints(hass: HomeAssistant, deviceId: string): BlueprintName[] {
  const ids = entityIds(hass, deviceId);
  return BLUEPRINT_NAMES.filter((name) => {
    const { required = [], entities = {} }: Blueprint = BLUEPRINTS[name];
    return (
      required.every((key) => ids.has(key)) &&
      Object.values(entities).every((keys) => keys.some((key) => ids.has(key)))
    );
  });
}

/** Return the automations of a car by the integration's blueprints. */
export async function readAutomations(
  hass: HomeAssistant,
  deviceId: string,
): Promise<Automation[]> {
  const installed = await readBlueprints(hass);
  const found = await Promise.all(
    [...installed].map(async ([blueprint, { path }]) => {
      const { automation = [] } = await hass.callWS<{ automation?: string[] }>({
        type: "search/related",
        item_type: "automation_blueprint",
        item_id: path,
      });
      return Promise.all(
        automation.map(async (entityId) => ({
          blueprint,
          entityId,
          config: await readConfig(hass, entityId),
        })),
      );
    }),
  );
  return found
    .flat()
    .filter(({ config }) => usesCar(hass, config, deviceId))
    .map(({ config, ...automation }) => ({ ...automation, id: config.id }));
}

/** Return a blueprint of Home Assistant; add it if it is missing. */
export async function ensureBlueprint(
  hass: HomeAssistant,
  name: BlueprintName,
): Promise<InstalledBlueprint> {
  const before = (await readBlueprints(hass)).get(name);
  if (before) return before;
  await hass.callWS({
    type: "blueprint/save",
    domain: "automation",
    path: blueprintPath(name),
    yaml: blueprintFile(name),
  });
  const added = (await readBlueprints(hass)).get(name);
  if (!added) throw new Error(blueprintPath(name));
  return added;
}

/** Create an automation of a car. */
export async function createAutomation(
  hass: HomeAssistant,
  deviceId: string,
  name: BlueprintName,
  { id, alias }: { id: string; alias: string },
  fields: Record<string, unknown> = {},
): Promise<void> {
  const { path, inputs } = await ensureBlueprint(hass, name);
  const { entities = {}, inputs: fixed = {} }: Blueprint = BLUEPRINTS[name];
  const ids = entityIds(hass, deviceId);
  const known: Record<string, unknown> = { car: deviceId, ...fixed, ...fields };
  for (const [input, keys] of Object.entries(entities)) {
    known[input] = keys.map((key) => ids.get(key)).find((id) => id !== undefined);
  }
  const phones = ownPhones(hass);
  if (phones.length > 0) known.actions = sentTo(phones, inputs.actions?.default);
  await hass.callApi("POST", `config/automation/config/${id}`, {
    alias,
    description: "",
    use_blueprint: {
      path,
      input: Object.fromEntries(
        Object.entries(known).filter(([input, value]) => input in inputs && value !== undefined),
      ),
    },
  });
}

/** Return the notify entities of the phones that the user's person has. */
export function ownPhones(hass: HomeAssistant): string[] {
  const person = Object.values(hass.states).find(
    (state) => state?.entity_id.startsWith("person.") && state.attributes.user_id === hass.user?.id,
  );
  const trackers: unknown = person?.attributes.device_trackers;
  const devices = (Array.isArray(trackers) ? trackers : []).map(
    (id) => hass.entities[String(id)]?.device_id,
  );
  return Object.values(hass.entities)
    .filter((entry) => entry !== undefined)
    .filter(
      ({ entity_id: id, platform, device_id: device }) =>
        id.startsWith("notify.") && platform === "mobile_app" && devices.includes(device),
    )
    .map(({ entity_id: id }) => id);
}

/** Return the name of the device of an entity. */
export function deviceNameOf(hass: HomeAssistant, entityId: string): string {
  const device = hass.devices[hass.entities[entityId]?.device_id ?? ""];
  return device ? deviceName(device) : entityId;
}

/** Return the default actions with notifications to entities in place of those in Home Assistant. */
function sentTo(entityIds: string[], actions: unknown): unknown {
  if (!Array.isArray(actions)) return undefined;
  return actions.map((action: Record<string, unknown>) =>
    action.action === "persistent_notification.create"
      ? { ...action, action: "notify.send_message", target: { entity_id: entityIds } }
      : action,
  );
}

/** Return the path that a blueprint would have after its import by a link. */
function blueprintPath(name: BlueprintName): string {
  return `stellantis-connect/${name}.yaml`;
}

/** Return the integration's blueprints in Home Assistant, however they were added. */
async function readBlueprints(
  hass: HomeAssistant,
): Promise<Map<BlueprintName, InstalledBlueprint>> {
  const all = await hass.callWS<Record<string, { metadata?: BlueprintMetadata }>>({
    type: "blueprint/list",
    domain: "automation",
  });
  const installed = new Map<BlueprintName, InstalledBlueprint>();
  for (const [path, { metadata }] of Object.entries(all)) {
    const name = BLUEPRINT_NAMES.find(
      (name) => metadata?.source_url === sourceUrl(name) || path === blueprintPath(name),
    );
    if (name && metadata) installed.set(name, { path, inputs: inputsOf(metadata) });
  }
  return installed;
}

/** Return the inputs of a blueprint, also those in sections. */
function inputsOf({ input = {} }: BlueprintMetadata): Record<string, Input> {
  return Object.fromEntries(
    Object.entries(input).flatMap(([name, value]): [string, Input][] =>
      value.input ? Object.entries(value.input) : [[name, value]],
    ),
  );
}

async function readConfig(hass: HomeAssistant, entityId: string): Promise<AutomationConfig> {
  const { config } = await hass.callWS<{ config: AutomationConfig | null }>({
    type: "automation/config",
    entity_id: entityId,
  });
  return config ?? {};
}

/** Return whether a configuration contains a car or one of its entities. */
function usesCar(hass: HomeAssistant, config: AutomationConfig, deviceId: string): boolean {
  const text = JSON.stringify(config);
  return Object.values(hass.entities)
    .filter((entry) => entry?.device_id === deviceId)
    .map((entry) => entry?.entity_id)
    .concat(deviceId)
    .some((id) => text.includes(JSON.stringify(id)));
}
