import type { StandingCalls } from './standing-calls.ts';

/** The other dialling may take so long to become a call, or to be taken back. */
const PAUSE_MS = 100;
const LOOKS = 50;

/** Two calls between the same two, which one of them dials just now. */
export interface Crossing {
  readonly call: string;
  /** The one that stands in its way. */
  readonly other: string;
  /** Who is dialled. */
  readonly to: string;
}

/**
 * Two who dial each other at the same moment find each other's call, and exactly one becomes the call of both. The one
 * with the larger id is taken back at once. The other one waits until it sees that: a call that was dialled a moment
 * earlier may have looked before this one was there, and goes ahead whatever the ids.
 *
 * @returns whose call it becomes; `neither`: the other one was dialled by the same person, or came to nothing
 */
export async function settleCrossing(
  { call, other, to }: Crossing,
  standing: Pick<StandingCalls, 'dialled' | 'end' | 'members'>,
  wait: (ms: number) => Promise<void>,
): Promise<'ours' | 'theirs' | 'neither'> {
  const isTakenBack = other < call;
  if (isTakenBack) await standing.end(call);
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const dialled = await standing.dialled(other);
    if (dialled !== null) return dialled.by === to ? 'theirs' : 'neither';
    if ((await standing.members(other)).length === 0) return isTakenBack ? 'neither' : 'ours';
    await wait(PAUSE_MS);
  }
  return 'neither';
}
