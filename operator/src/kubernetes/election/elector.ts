import { sleep } from '../../sleep.ts';
import type { LeaseDraft, LeaseRecord, LeaseStore } from './lease-store.ts';

/** How the election paces itself; times in milliseconds. */
export interface ElectionTimes {
  /** Others take over when they saw no renewal for this long. */
  readonly durationMs: number;
  /** A leader that could not renew for this long, counted from the beginning of its last successful renewal, leads no more. Less than `durationMs`. */
  readonly renewDeadlineMs: number;
  /** Between two attempts; standbys wait up to a fifth longer. */
  readonly retryMs: number;
}

/** The proportions of client-go's defaults: 15 s, 10 s, 2 s. */
export function electionTimes(durationMs: number): ElectionTimes {
  return { durationMs, renewDeadlineMs: (durationMs * 2) / 3, retryMs: (durationMs * 2) / 15 };
}

/** What an elector needs. */
export interface ElectorDeps {
  readonly leases: LeaseStore;
  readonly times: ElectionTimes;
  /** Unique among the operators. */
  readonly identity: string;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** Wall clock, for people who read the Lease. */
  readonly wallTime: () => string;
  /** Chance in [0, 1). */
  readonly random: () => number;
  /** From now on this operator leads. */
  readonly onLeading: () => void;
  /** It led, and leads no more; the process is to end, since whatever it does next may be outdated. Called once. */
  readonly onLost: () => void;
  /** An attempt failed; told once for each time that it begins. */
  readonly onFailure: (error: unknown) => void;
}

/** One operator's part in the election. */
export interface Elector {
  /** Whether this operator leads at this moment: also false when its last renewal is too long ago. */
  isLeading(): boolean;
  /** Ends its part; a leader gives the Lease back, so that another one takes over at its next attempt. */
  close(): Promise<void>;
}

/**
 * Takes part in the election, by the rules of client-go (`tools/leaderelection`): a Lease of another holder is taken over
 * only when **this** process has seen it unchanged for its whole duration, on its own monotonic clock, so clocks need not
 * agree; a leader stops before others may begin; each write names the version it replaces, so of two only one wins. It
 * does not fence: what is written as a leader is fenced elsewhere (the map's epoch, versions of objects).
 */
export function startElector(deps: ElectorDeps): Elector {
  const { times, nowMs } = deps;
  const end = new AbortController();
  const state: State = { seen: null, seenMs: -Infinity, renewedMs: -Infinity };
  const isLeading = (): boolean => nowMs() - state.renewedMs < times.renewDeadlineMs;
  const finished = run(deps, state, isLeading, end.signal);
  return {
    isLeading,
    async close() {
      end.abort();
      await finished;
      if (!isLeading() || state.seen === null) return;
      state.renewedMs = -Infinity;
      const { transitions } = state.seen;
      const now = deps.wallTime();
      const given = { holder: '', durationMs: 1_000, transitions, renewedAt: now, acquiredAt: now };
      // Not given back: then others wait for its duration.
      await deps.leases.write(given, state.seen.version).catch(deps.onFailure);
    },
  };
}

interface State {
  /** The Lease as it was last seen, or written. */
  seen: LeaseRecord | null;
  /** Since when it looks like that. */
  seenMs: number;
  /** When the last renewal that succeeded began; -Infinity while others lead. */
  renewedMs: number;
}

async function run(deps: ElectorDeps, state: State, isLeading: () => boolean, signal: AbortSignal): Promise<void> {
  const { retryMs } = deps.times;
  let wasLeading = false;
  let isFailing = false;
  while (!signal.aborted) {
    let won = false;
    try {
      won = await attempt(deps, state, isLeading());
      isFailing = false;
    } catch (error) {
      if (!isFailing) deps.onFailure(error);
      isFailing = true;
    }
    if (won && !wasLeading) deps.onLeading();
    wasLeading ||= won;
    if (wasLeading && !isLeading()) {
      deps.onLost();
      return;
    }
    const pauseMs = wasLeading ? Math.min(retryMs, leftMs(deps, state)) : retryMs * (1 + 0.2 * deps.random());
    await sleep(pauseMs, signal);
  }
}

/** Until leading ends unless a renewal succeeds: a leader notices its end when it comes. */
function leftMs({ times, nowMs }: ElectorDeps, { renewedMs }: State): number {
  return Math.max(1, renewedMs + times.renewDeadlineMs - nowMs());
}

/** One attempt to acquire or to renew. @throws what the store rejects with */
async function attempt(deps: ElectorDeps, state: State, isLeading: boolean): Promise<boolean> {
  const begunMs = deps.nowMs();
  // A leader knows the version it wrote last: one call instead of two.
  if (isLeading && state.seen !== null && (await claim(deps, state, begunMs))) return true;
  note(deps, state, await deps.leases.read());
  if (state.seen !== null && !isMine(deps, state.seen) && !isOver(deps, state)) {
    state.renewedMs = -Infinity;
    return false;
  }
  return claim(deps, state, begunMs);
}

/** Writes the Lease as ours; the renewal counts from before the call, so that it ends here before it ends for others. */
async function claim(deps: ElectorDeps, state: State, begunMs: number): Promise<boolean> {
  const written = await deps.leases.write(draft(deps, state.seen), state.seen?.version ?? null);
  if (written === 'conflict') return false;
  note(deps, state, written);
  state.renewedMs = begunMs;
  return true;
}

function draft({ identity, times, wallTime }: ElectorDeps, seen: LeaseRecord | null): LeaseDraft {
  const now = wallTime();
  const isRenewal = seen?.holder === identity;
  return {
    holder: identity,
    durationMs: times.durationMs,
    renewedAt: now,
    acquiredAt: isRenewal ? seen.acquiredAt : now,
    transitions: seen === null ? 0 : seen.transitions + (isRenewal ? 0 : 1),
  };
}

function note({ nowMs }: ElectorDeps, state: State, lease: LeaseRecord | null): void {
  if (lease?.version !== state.seen?.version) state.seenMs = nowMs();
  state.seen = lease;
}

const isMine = ({ identity }: ElectorDeps, { holder }: LeaseRecord): boolean => holder === identity;

/** Whether a Lease may be taken: it was given back, or it looked the same for its whole duration. */
function isOver({ nowMs }: ElectorDeps, { seen, seenMs }: State): boolean {
  return seen === null || seen.holder === '' || nowMs() - seenMs >= seen.durationMs;
}
