/** Last available states of entities, from Home Assistant's history. */

import type { HassEntity, HomeAssistant } from "./hass";

const SECOND = 1000;
const DAY = 86_400_000;
/** How far back to look: before a restart, the entities were unavailable for longer. */
const PERIODS = [SECOND, DAY, 7 * DAY];

interface CompressedState {
  s: string;
  a?: Record<string, unknown>;
  lc?: number;
  lu: number;
}

/** Return the last available state of each entity that is unavailable now. */
export async function readLastStates(
  hass: HomeAssistant,
  ids: Iterable<string>,
): Promise<HassEntity[]> {
  const found: HassEntity[] = [];
  let missing = [...ids]
    .map((id) => hass.states[id])
    .filter((entity) => entity?.state === "unavailable");
  for (const period of PERIODS) {
    if (missing.length === 0) break;
    const times = missing.map((entity) => Date.parse(entity?.last_changed ?? ""));
    const history = await hass.callWS<Record<string, CompressedState[] | undefined>>({
      type: "history/history_during_period",
      start_time: new Date(Math.min(...times) - period).toISOString(),
      end_time: new Date(Math.max(...times)).toISOString(),
      entity_ids: missing.map((entity) => entity?.entity_id),
    });
    missing = missing.filter((entity) => {
      const last = history[entity?.entity_id ?? ""]?.findLast(({ s }) => s !== "unavailable");
      if (entity && last) found.push(restored(entity, last));
      return last === undefined;
    });
  }
  return found;
}

function restored(entity: HassEntity, { s, a, lc, lu }: CompressedState): HassEntity {
  const changed = new Date((lc ?? lu) * SECOND).toISOString();
  return {
    ...entity,
    state: s,
    attributes: { ...entity.attributes, ...a },
    last_changed: changed,
    last_updated: changed,
  };
}
