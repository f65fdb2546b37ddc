import type { ShardMap } from '@flotilla-im/protocol';
import type { PassReport } from '../../act/reconcile.ts';
import { movementBetween } from '../../plan/movement.ts';

/** Something that happened, as an event on the StatefulSet tells it. */
export interface MapEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: 'ShardMapPublished' | 'ShardAdded' | 'ShardDraining' | 'ShardRemoved' | 'PublishFailed';
  /** What the operator did. */
  readonly action: string;
  readonly note: string;
}

/** What a pass has to tell: nothing, unless it wrote a map. */
export function eventsOf({ map, written }: PassReport): readonly MapEvent[] {
  if (map === null || written === null) return [];
  const { moved, lent, returned } = movementBetween(written.before, map);
  const up = map.shards.filter(({ state }) => state === 'up').length;
  const note = `epoch ${map.epoch}: ${up} of ${map.shards.length} shards up; slots moved ${moved}, lent ${lent}, returned ${returned}`;
  return [
    { type: 'Normal', reason: 'ShardMapPublished', action: 'Publish', note },
    ...shardEvents(written.before, map),
  ];
}

/** A failure to publish, in few words. */
export function failureEvent(text: string): MapEvent {
  return { type: 'Warning', reason: 'PublishFailed', action: 'Publish', note: text };
}

function shardEvents(before: ShardMap | null, after: ShardMap): MapEvent[] {
  const states = new Map(before?.shards.map(({ id, state }) => [id, state]) ?? []);
  const left = [...states.keys()].filter((id) => !after.shards.some((shard) => shard.id === id));
  const added = after.shards.filter(({ id }) => !states.has(id));
  const draining = after.shards.filter(({ id, state }) => state === 'draining' && states.get(id) === 'up');
  const gone = (id: number) => `shard ${id} left the map`;
  return [
    ...added.map(({ id, url }) => normal('ShardAdded', 'Add', `shard ${id} joined the map at ${url}`)),
    ...draining.map(({ id }) =>
      normal('ShardDraining', 'Drain', `shard ${id} is leaving; its slots are served by others`),
    ),
    ...left.map((id) => normal('ShardRemoved', 'Remove', gone(id))),
  ];
}

function normal(reason: MapEvent['reason'], action: string, note: string): MapEvent {
  return { type: 'Normal', reason, action, note };
}
