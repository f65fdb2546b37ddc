import { describe, expect, it } from '@jest/globals';
import { slotOf } from '@flotilla-im/protocol';
import { Journal } from './journal.ts';

const connection = { clientId: 'ann', kind: 'v1', shard: 2, dialledMs: 0, openedMs: 0 } as const;

describe('the journal', () => {
  it('knows the most arrivals of a shard within any second', () => {
    const journal = new Journal();
    for (const ms of [0, 500, 1_400, 900, 1_100, 5_000]) journal.served({ ...connection, dialledMs: ms, openedMs: ms });
    journal.served({ ...connection, shard: 1, dialledMs: 600, openedMs: 600 });
    expect(journal.peaks()).toEqual([
      { shard: 2, perSecond: 4 },
      { shard: 1, perSecond: 1 },
    ]);
  });

  it('counts only what surely came within a second', () => {
    const journal = new Journal();
    journal.served({ ...connection, dialledMs: 0, openedMs: 10 });
    journal.served({ ...connection, dialledMs: 900, openedMs: 1_010 });
    expect(journal.peaks()).toEqual([{ shard: 2, perSecond: 1 }]);
  });

  it('counts ends of connections by slot, shard and code, until the next mark', () => {
    const journal = new Journal();
    for (const code of [1000, 1000, 1012]) journal.closed(connection, code);
    const common = { kind: 'v1', slot: slotOf('ann'), shard: 2 };
    expect(journal.closes()).toEqual([
      { ...common, code: 1000, count: 2 },
      { ...common, code: 1012, count: 1 },
    ]);
    journal.mark();
    expect(journal.closes()).toEqual([]);
  });
});
