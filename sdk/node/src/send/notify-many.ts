import { type Appended, entryHead, type EntryInput, type Notified, partitionOf } from '@flotilla-im/store';

/** One receiver's log that took the message just now. */
export interface AppendedTo {
  readonly clientId: string;
  readonly appended: Appended;
}

/** The notifies of one message to many receivers: by shard, so that the payload travels to each once. */
export function notifiesOf(input: EntryInput, appends: readonly AppendedTo[]): ReadonlyMap<number, Notified[]> {
  const byShard = new Map<number, Notified[]>();
  const head = entryHead(input.messageId, input.from);
  for (const { clientId, appended } of appends) {
    if (appended.routes.length === 0) continue;
    const { position, at } = appended;
    const log = { kind: 'inbox', id: clientId } as const;
    const entry = { ...input, ...position, at, head };
    const partition = partitionOf(clientId);
    for (const { shard, tail } of appended.routes) {
      const items = byShard.get(shard);
      const item = { partition, tail, log, entry };
      if (items) items.push(item);
      else byShard.set(shard, [item]);
    }
  }
  return byShard;
}
