import { describe, expect, it } from '@jest/globals';
import type { PresenceChange } from '@flotilla-im/sdk';
import type { JournalRecord } from '../../journal/record.ts';
import { Watcher } from './watcher.ts';

function setup(tellsGaps = true) {
  const records: JournalRecord[] = [];
  const watcher = new Watcher('watcher-0', tellsGaps, (record) => void records.push(record));
  const hear = (type: 'online' | 'offline', at: number, attempt = 1): void => {
    const rest = { connection: null, shard: 0, device: null, reason: null, metadata: null };
    watcher.handle({ type, clientId: 'plain-1', at, attempt, ...rest } satisfies PresenceChange);
  };
  return { watcher, hear, records, types: () => records.map((record) => record[4]) };
}

describe('a watcher', () => {
  it('writes down what it hears, twice where it is told twice', () => {
    const { hear, types } = setup();
    hear('online', 1);
    hear('offline', 2);
    hear('offline', 3);
    expect(types()).toEqual(['online', 'offline', 'offline']);
  });

  it('knows an event that comes again because it could not be confirmed', () => {
    const { hear, types } = setup();
    hear('online', 1);
    hear('online', 1, 2);
    hear('offline', 2, 2);
    expect(types()).toEqual(['online', 'offline']);
  });

  it('tells gaps of bare clients only, and only where it is asked to', () => {
    for (const tellsGaps of [true, false]) {
      const { watcher, records } = setup(tellsGaps);
      for (const clientId of ['plain-1', 'socketIo-1', 'v1-1']) {
        watcher.handle({ type: 'gap', clientId, channel: 'c1', reason: null, at: 1, attempt: 1 });
      }
      expect(records.map(([what, , clientId, log]) => [what, clientId, log])).toEqual(
        tellsGaps ? [['gap', 'plain-1', 'channel:c1']] : [],
      );
    }
  });

  it('waits for those to go offline whom it has heard to be online', async () => {
    const { watcher, hear } = setup();
    hear('online', 1);
    let isOver = false;
    const over = watcher.allOffline(10_000).then(() => (isOver = true));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(isOver).toBe(false);
    hear('offline', 2);
    await over;
  });
});
