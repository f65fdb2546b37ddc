import { describe, expect, it } from '@jest/globals';
import { createKeys } from './keys.ts';
import { partitionOf, partitionTag } from './partition.ts';

const keys = createKeys('chat');

describe('the keys', () => {
  it('of a client share the hash tag of its partition', () => {
    const tag = `fl1:chat:{${partitionTag(partitionOf('alice'))}}:`;
    const inbox = { kind: 'inbox', id: 'alice' } as const;
    const names = [
      keys.log(inbox),
      keys.meta(inbox),
      keys.retried(inbox),
      keys.routes(inbox),
      keys.idempotency(inbox, 'd'),
      keys.presence('alice'),
      keys.memberships('alice'),
      keys.cursors('alice'),
      keys.receipts('alice'),
      keys.control('alice'),
      keys.token('alice', 't'),
      keys.tails(partitionOf('alice')),
      keys.stream(partitionOf('alice'), 'receipts'),
    ];
    expect(names.filter((name) => !name.startsWith(tag))).toEqual([]);
    expect(new Set(names).size).toBe(names.length - 1);
    expect(keys.routes(inbox)).toBe(keys.presence('alice'));
  });

  it('of a channel differ from those of a client of the same name', () => {
    const channel = { kind: 'channel', id: 'x' } as const;
    const inbox = { kind: 'inbox', id: 'x' } as const;
    for (const name of [keys.log, keys.meta, keys.retried, keys.routes]) expect(name(channel)).not.toBe(name(inbox));
  });

  it('of an append are those that others use', () => {
    for (const kind of ['inbox', 'channel'] as const) {
      const log = { kind, id: 'x' };
      const partition = partitionOf('x');
      expect(keys.append(log, partition)).toMatchObject({
        log: keys.log(log),
        meta: keys.meta(log),
        routes: keys.routes(log),
        tails: keys.tails(partition),
      });
    }
  });

  it('keep their tag whatever braces an id holds', () => {
    const name = keys.log({ kind: 'inbox', id: '{other}' });
    expect(name.slice(name.indexOf('{') + 1, name.indexOf('}'))).toBe(partitionTag(partitionOf('{other}')));
  });

  it('are refused for a cluster whose name could break them', () => {
    for (const cluster of ['', 'a b', '{x}', 'a:b', 'x'.repeat(65), 'é']) {
      expect(() => createKeys(cluster)).toThrow(expect.objectContaining({ code: 'bad_options' }));
    }
  });
});
