import type { MapWatch } from '../cluster/map-watch.ts';
import type { FleetKeeper } from '../fleet/fleet-keeper.ts';
import { ownedCount } from './map-events.ts';
import type { ScreenShard } from './screen.ts';

/** The shards as map, heartbeats and their keeper know them just now. */
export async function shardLines(keeper: FleetKeeper, map: MapWatch): Promise<ScreenShard[]> {
  const current = map.current();
  const leases = await map.leases().catch(() => []);
  const connections = new Map(leases.map((lease) => [lease.shard, lease.connections]));
  return (current?.shards ?? []).map(({ id, url, state }) => ({
    id,
    url,
    state: state === 'up' && !keeper.isReady(id) ? 'starting' : state,
    connections: connections.get(id) ?? 0,
    slots: current === null ? 0 : ownedCount(current, id),
  }));
}
