import { FlotillaError } from '@flotilla-im/protocol';
import type { ClientEvent, EventStore, StreamName } from './events.ts';
import { createMemoryGroupStore, MemoryEventGroups } from './memory-event-groups.ts';
import { SeenIds } from './memory-seen.ts';
import { MemoryStreams } from './memory-streams.ts';
import { PARTITION_COUNT, partitionOf } from './partition.ts';
import type { CompiledStateOptions } from './state-options.ts';

const allPartitions = Object.freeze(Array.from({ length: PARTITION_COUNT }, (_, partition) => partition));

/** Streams of events in memory; `emit` is for what the other memory stores have to tell. */
export function createMemoryEventStore(
  now: () => number,
  publishHint: (topic: string, text: string) => void,
  options: CompiledStateOptions,
): { events: EventStore; emit: (stream: StreamName, event: ClientEvent) => void } {
  const streams = new MemoryStreams();
  const groups = new MemoryEventGroups(streams, now);
  const seen = new SeenIds();
  let isUpstreamTailed = false;

  const emit = (stream: StreamName, event: ClientEvent): void => {
    const partition = partitionOf(event.clientId);
    streams.append(stream, partition, event, options.streams[stream]);
    publishHint('events', `${stream} ${partition}`);
  };
  const refuseWhenFull = (partition: number): void => {
    if (streams.length('upstream', partition) < options.streams.upstream) return;
    if (isUpstreamTailed && groups.acknowledged('upstream', partition).length === 0) return;
    throw new FlotillaError('busy', 'the business does not keep up with what clients say');
  };

  const events: EventStore = {
    ...createMemoryGroupStore(groups, streams, options),
    // eslint-disable-next-line @typescript-eslint/require-await -- so that a refusal is a rejection
    async append(stream, event) {
      const frame = event.type === 'frame' ? `${event.clientId.length}:${event.clientId}${event.id}` : null;
      if (frame !== null && seen.has(frame, now())) return;
      if (stream === 'upstream') refuseWhenFull(partitionOf(event.clientId));
      if (frame !== null) seen.add(frame, now() + options.frameIdMs);
      emit(stream, event);
    },
    tail(stream, position, partitions = allPartitions) {
      if (stream === 'upstream') isUpstreamTailed = true;
      if (position === null) {
        const start = Object.fromEntries(allPartitions.map((partition) => [partition, String(streams.last)]));
        return Promise.resolve({ items: [], position: start });
      }
      const next: Record<number, string> = { ...position };
      const found = partitions.flatMap((partition) => {
        const later = streams.after(stream, partition, Number(position[partition] ?? 0));
        next[partition] = String(later.at(-1)?.number ?? position[partition] ?? 0);
        return later.map(({ number, event }) => ({ id: String(number), partition, event, attempt: 1 }));
      });
      const items = found.sort((a, b) => Number(a.id) - Number(b.id));
      return Promise.resolve({ items, position: next });
    },
  };
  return { events, emit };
}
