import type { MapWatch } from '../cluster/map-watch.ts';

/** The states of the shards in the map, by id. */
export function statesOf(map: MapWatch): Record<number, string> {
  return Object.fromEntries((map.current()?.shards ?? []).map(({ id, state }) => [id, state]));
}
