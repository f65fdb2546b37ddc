import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileMap, homeOf, ownerOf } from './compiled-map.ts';
import { isFlotillaError } from './errors.ts';
import { parseShardMap } from './parse-shard-map.ts';
import type { ShardMap } from './shard-map.ts';
import { expandSlots, slotRuns } from './slot-runs.ts';
import { homeTable, SLOT_COUNT, slotOf } from './slots.ts';

function setup(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const shards = [7, 8, 9].map((id) => ({ id, url: `wss://im.example/s/${id}`, state: 'up' }));
  const home = slotRuns(homeTable(3).map((index) => index + 7));
  return { schema: 1, compatible: 1, epoch: 5, shards, home, owner: home, ...changes };
}

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return isFlotillaError(error) ? error.code : `not a FlotillaError: ${String(error)}`;
  }
  return 'nothing thrown';
};

test('a map is read from its text and from the parsed value alike', () => {
  const map = setup();
  expect(parseShardMap(JSON.stringify(map))).toEqual(map);
  expect(parseShardMap(map)).toEqual(map);
});

test('a map of a newer schema is read when it says that it is compatible, without what is not known', () => {
  expect(parseShardMap(setup({ schema: 3, lent: [] }))).toEqual(setup({ schema: 3 }));
});

test('a map that only newer readers understand is map_unsupported', () => {
  expect(codeOf(() => parseShardMap(setup({ schema: 3, compatible: 2, shards: 'new' })))).toBe('map_unsupported');
});

test.each<[string, unknown]>([
  ['no JSON', '{'],
  ['no object', null],
  ['a list', []],
  ['a missing schema', setup({ schema: undefined })],
  ['a negative epoch', setup({ epoch: -1 })],
  ['an epoch that is a text', setup({ epoch: '5' })],
  ['shards that are no list', setup({ shards: {} })],
  ['a shard that is no object', setup({ shards: [1] })],
  ['a shard id above 65535', setup({ shards: [{ id: 65_536, url: 'ws://a/s/1', state: 'up' }], home: [], owner: [] })],
  [
    'a shard listed twice',
    setup({ shards: [7, 7].map((id) => ({ id, url: 'ws://a', state: 'up' })), home: [], owner: [] }),
  ],
  ['an http address', setup({ shards: [{ id: 1, url: 'http://a', state: 'up' }], home: [], owner: [] })],
  [
    'an address with a trailing slash',
    setup({ shards: [{ id: 1, url: 'ws://a/', state: 'up' }], home: [], owner: [] }),
  ],
  ['an unknown state', setup({ shards: [{ id: 1, url: 'ws://a', state: 'asleep' }], home: [], owner: [] })],
  ['slots of a shard that is not listed', setup({ owner: [6, 4096] })],
  ['slots that do not add up', setup({ owner: [7, 4095] })],
  ['too many slots', setup({ owner: [7, 4096, 8, 1] })],
  ['an empty run', setup({ owner: [7, 4096, 8, 0] })],
  ['half a run', setup({ owner: [7] })],
  ['runs that are no list', setup({ home: '7' })],
])('%s is bad_map', (_, value) => {
  expect(codeOf(() => parseShardMap(value))).toBe('bad_map');
});

test('the parser throws nothing but FlotillaError, whatever it gets', () => {
  const broken = fc.record({
    schema: fc.constantFrom(1, 2, null),
    compatible: fc.constantFrom(1, 2, '1'),
    epoch: fc.anything(),
    shards: fc.oneof(fc.anything(), fc.array(fc.anything())),
    home: fc.oneof(fc.anything(), fc.array(fc.anything())),
    owner: fc.anything(),
  });
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.string(), fc.json(), broken), (value) => {
      expect(codeOf(() => parseShardMap(value))).toMatch(/^(bad_map|map_unsupported|nothing thrown)$/);
    }),
  );
});

test('runs hold a table: written and read they give the same one', () => {
  const table = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: SLOT_COUNT, maxLength: SLOT_COUNT, size: 'max' });
  fc.assert(
    fc.property(table, (slots) => expect([...expandSlots(slotRuns(slots))]).toEqual(slots)),
    { numRuns: 10 },
  );
});

test('a client goes to the owner of its slot, and belongs to the home', () => {
  const owner = slotRuns(expandSlots(setup()['home'] as number[]).map((id) => (id === 8 ? 9 : id)));
  const compiled = compileMap(parseShardMap(setup({ owner })) satisfies ShardMap);
  const clientId = Array.from({ length: 50 }, (_, i) => `c${i}`).find((id) => homeTable(3)[slotOf(id)] === 1) ?? '';
  expect(homeOf(compiled, clientId)?.id).toBe(8);
  expect(ownerOf(compiled, clientId)?.id).toBe(9);
});

test('without shards a client has neither owner nor home', () => {
  const compiled = compileMap(parseShardMap(setup({ shards: [], home: [], owner: [] })));
  expect([ownerOf(compiled, 'alice'), homeOf(compiled, 'alice')]).toEqual([null, null]);
});
