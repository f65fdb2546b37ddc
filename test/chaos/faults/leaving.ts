import type { FaultKind } from './fault.ts';

/** Clients leave by their own will and return. Who says goodbye is offline at once; a grace is for those that vanish. */
export const LEAVING: readonly FaultKind[] = [
  {
    name: 'leave-briefly',
    what: 'a share of the clients says goodbye, and is back within seconds',
    held: '',
    excuses: [],
    parts: ['clients'],
    plan: ({ chance }) => leave(chance.one([0.05, 0.2, 0.4]), Math.round(chance.between(500, 5_000))),
  },
  {
    name: 'leave-for-long',
    what: 'a share of the clients says goodbye, and is away for longer than the reconnect grace',
    held: '',
    excuses: [],
    parts: ['clients'],
    plan: ({ chance }) => leave(chance.one([0.05, 0.2, 0.4]), Math.round(chance.between(13_000, 17_000))),
  },
];

function leave(share: number, awayMs: number): ReturnType<FaultKind['plan']> {
  return {
    detail: `${share * 100} % for ${(awayMs / 1_000).toFixed(1)} s`,
    lastsMs: awayMs,
    healsMs: 1_000,
    wholeWithinMs: 15_000,
    async run({ load, wait }) {
      load.leaveAndReturn(share, awayMs);
      await wait(awayMs);
    },
  };
}
