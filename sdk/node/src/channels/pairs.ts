import { FlotillaError, LIMITS, parseChannelName, parseClientId } from '@flotilla-im/protocol';
import type { Calls } from '../calls/calls.ts';
import type { Deadline } from '../calls/deadline-watch.ts';
import { knownError } from '../calls/known-error.ts';
import { MembershipError, type MembershipFailure } from './membership-error.ts';

/** A channel and a client. */
export interface Pair {
  readonly channel: string;
  readonly clientId: string;
}

/**
 * All combinations, each once, in the order given.
 *
 * @throws {FlotillaError} bad_channel, reserved_channel, bad_client_id, too_many_receivers
 */
export function pairsOf(channels: string | readonly string[], clientIds: string | readonly string[]): Pair[] {
  const names = new Set(each(channels, parseChannelName));
  const clients = new Set(each(clientIds, parseClientId));
  if (names.size * clients.size > LIMITS.receivers) {
    throw new FlotillaError(
      'too_many_receivers',
      `one call takes at most ${LIMITS.receivers} pairs of channel and client`,
      {
        details: { limit: LIMITS.receivers },
      },
    );
  }
  return [...names].flatMap((channel) => [...clients].map((clientId) => ({ channel, clientId })));
}

function each<Name>(given: unknown, parse: (value: unknown, index?: number) => Name): Name[] {
  return Array.isArray(given) ? (given as readonly unknown[]).map((value, i) => parse(value, i)) : [parse(given)];
}

/** Does something idempotent for all pairs together. @throws {MembershipError} when it failed for some */
export async function forPairs<T>(
  calls: Calls,
  deadline: Deadline,
  pairs: readonly Pair[],
  act: (pair: Pair) => Promise<T>,
): Promise<T[]> {
  const failures: MembershipFailure[] = [];
  const results: T[] = [];
  const one = async (pair: Pair, i: number): Promise<void> => {
    try {
      results[i] = await calls.retry(deadline, () => act(pair), 0);
    } catch (error) {
      failures.push({ ...pair, error: knownError(error) });
    }
  };
  await Promise.all(pairs.map(one));
  if (failures.length > 0) throw new MembershipError(failures, pairs.length);
  return results;
}
