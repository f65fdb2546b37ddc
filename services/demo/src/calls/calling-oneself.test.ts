import { expect, test } from '@jest/globals';
import type { Flotilla } from '@flotilla-im/sdk';
import { FlotillaCalls } from './calls.ts';
import type { StandingCalls } from './standing-calls.ts';

test('nobody can call themselves, and nothing is begun', async () => {
  const begun: unknown[] = [];
  const standing: Partial<StandingCalls> = {
    of: () => Promise.resolve([]),
    begin: (...what) => Promise.resolve(void begun.push(what)),
    dial: () => Promise.resolve(),
  };
  const presence = { connections: () => Promise.resolve([{}]) };
  const calls = new FlotillaCalls({
    flotilla: { presence, send: () => Promise.resolve() } as unknown as Flotilla,
    standing: standing as StandingCalls,
    dropped: { isDropped: () => Promise.resolve(false), hasSaidGoodbye: () => Promise.resolve(false) },
    wallMs: () => 0,
    wait: () => Promise.resolve(),
  });
  const dialling = { to: 'Anna', device: 'd', key: 'k', video: true };
  await expect(calls.dial('Anna', dialling)).rejects.toMatchObject({ statusCode: 400, code: 'bad_request' });
  expect(begun).toEqual([]);
});
