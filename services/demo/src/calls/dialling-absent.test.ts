import { expect, it } from '@jest/globals';
import type { Flotilla } from '@flotilla-im/sdk';
import { FlotillaCalls } from './calls.ts';
import type { StandingCalls } from './standing-calls.ts';

/** What is known of Bob, whom Anna dials. */
interface Absence {
  readonly open?: number;
  /** Flotilla waits for him still. */
  readonly isOnline?: boolean;
  readonly hasDropped?: boolean;
  readonly saidGoodbye?: boolean;
}

/** What Anna hears at once. */
async function dial({ open = 0, isOnline = false, hasDropped = false, saidGoodbye = false }: Absence) {
  const begun: string[] = [];
  const standing: Partial<StandingCalls> = {
    of: () => Promise.resolve([]),
    begin: (call) => Promise.resolve(void begun.push(call)),
    dial: () => Promise.resolve(),
  };
  const presence = {
    connections: () => Promise.resolve(new Array<unknown>(open).fill({})),
    online: () => Promise.resolve([isOnline]),
  };
  const calls = new FlotillaCalls({
    flotilla: { presence, send: () => Promise.resolve() } as unknown as Flotilla,
    standing: standing as StandingCalls,
    dropped: { isDropped: () => Promise.resolve(hasDropped), hasSaidGoodbye: () => Promise.resolve(saidGoodbye) },
    wallMs: () => 0,
    wait: () => Promise.resolve(),
  });
  const code = await calls.dial('Anna', { to: 'Bob', device: 'd', key: 'k', video: true }).then(
    () => 'rings',
    (error: unknown) => (error as { code: string }).code,
  );
  // Who is not here is rung nowhere.
  expect(begun).toHaveLength(code === 'rings' ? 1 : 0);
  return code;
}

it.each<[string, Absence, string]>([
  ['has a page open', { open: 1, isOnline: true, saidGoodbye: true }, 'rings'],
  ['was never here, or said goodbye', {}, 'never_connected'],
  ['went without a goodbye', { hasDropped: true }, 'dropped'],
  ['closed the last page a moment ago', { isOnline: true, saidGoodbye: true }, 'never_connected'],
  ['lost the connection a moment ago', { isOnline: true }, 'dropped'],
])('who dials somebody who %s', async (_, absence, heard) => {
  expect(await dial(absence)).toBe(heard);
});
