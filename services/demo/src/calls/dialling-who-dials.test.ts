import { expect, test } from '@jest/globals';
import type { Flotilla } from '@flotilla-im/sdk';
import { createCallId } from './call-id.ts';
import { FlotillaCalls } from './calls.ts';
import type { StandingCalls } from './standing-calls.ts';

const KEY = '0'.repeat(32);

test('a call that finds one of the other, which went ahead, accepts that and leaves nothing of itself', async () => {
  // Of the two it has the smaller id, so that it is not taken back for that.
  const [ours, theirs] = [createCallId(1_700_000_000_000, KEY.replace('0', '1')), createCallId(1_700_000_000_001, KEY)];
  const open = new Map([[theirs, ['Anna', 'Bob']]]);
  const signed: string[] = [];
  const standing: Partial<StandingCalls> = {
    of: () => Promise.resolve([...open.keys()].filter((call) => call !== ours)),
    begin: (call, between) => Promise.resolve(void open.set(call, [...between])),
    end: (call) => Promise.resolve(void open.delete(call)),
    members: (call) => Promise.resolve(open.get(call) ?? []),
    otherThan: () => Promise.resolve('Bob'),
    isLive: () => Promise.resolve(true),
    dialled: (call) => Promise.resolve(call === theirs ? { by: 'Bob', device: 'b', video: false } : null),
    dial: () => Promise.resolve(),
    sign: (call) => Promise.resolve(void signed.push(call)),
  };
  const said: unknown[] = [];
  const send = ({ to, data }: { to: string; data: { type: string; call: string } }) =>
    Promise.resolve(said.push([to, data.type, data.call]));
  const calls = new FlotillaCalls({
    flotilla: { presence: { connections: () => Promise.resolve([{}]) }, send } as unknown as Flotilla,
    standing: standing as StandingCalls,
    dropped: { isDropped: () => Promise.resolve(false), hasSaidGoodbye: () => Promise.resolve(false) },
    wallMs: () => 1_700_000_000_000,
    wait: () => Promise.resolve(),
  });
  const begun = await calls.dial('Anna', { to: 'Bob', device: 'a', key: KEY.replace('0', '1'), video: true });
  expect(begun).toMatchObject({ call: theirs, crossed: { device: 'b', video: false } });
  expect([...open.keys()]).toEqual([theirs]);
  expect(said).toEqual([
    ['Bob', 'answered', theirs],
    ['Anna', 'answered', theirs],
  ]);
  expect(signed).toEqual([theirs]);
});
