import { FlotillaError } from './errors.ts';
import { isChannelName } from './ids.ts';
import { isRecord } from './record.ts';

/**
 * What becomes of the messages of a log that a connection does not take as fast as they come, once its queue is full:
 *
 * - `disconnect`: nothing is skipped. They wait in the log and follow as it takes them.
 * - `drop-oldest`: when it takes something again it goes on with the newest ones, about a queue's worth; a `gap` tells that
 *   older ones were skipped.
 * - `latest`: when it takes something again it gets the newest one only. Those before it are superseded, which is told to
 *   nobody.
 *
 * Whatever the policy, a connection that takes nothing at all for too long is closed (4406), and skipped messages stay in
 * the log.
 */
export type SlowReaderPolicy = 'disconnect' | 'drop-oldest' | 'latest';

/** A connection's policies, by log. */
export interface SlowReader {
  /** Of its inbox. Default `disconnect`. */
  readonly inbox?: 'disconnect' | 'drop-oldest';
  /**
   * Of all channels its client is in, or by channel name (then `disconnect` for the others). Reserved channels, as
   * `$broadcast`, only where they are named. Default `disconnect`.
   */
  readonly channels?: SlowReaderPolicy | Readonly<Record<string, SlowReaderPolicy>>;
}

const POLICIES: readonly unknown[] = ['disconnect', 'drop-oldest', 'latest'] satisfies SlowReaderPolicy[];

/** The policy for the inbox (`null`) or a channel. */
export function slowReaderPolicy(given: SlowReader | undefined, channel: string | null): SlowReaderPolicy {
  if (channel === null) return given?.inbox ?? 'disconnect';
  const channels = given?.channels ?? 'disconnect';
  if (typeof channels === 'string') return channel.startsWith('$') ? 'disconnect' : channels;
  return (Object.hasOwn(channels, channel) ? channels[channel] : undefined) ?? 'disconnect';
}

/**
 * Reads policies; a field that is not known is an error, since what it should allow would be lost.
 *
 * @throws {FlotillaError} bad_options
 */
export function parseSlowReader(value: unknown): SlowReader {
  if (!isRecord(value)) throw new FlotillaError('bad_options', 'slowReader must be an object');
  for (const [key, policy] of Object.entries(value)) {
    if (policy !== undefined && !isKnown(key, policy))
      throw new FlotillaError('bad_options', `slowReader: ${JSON.stringify(key)} is unknown or malformed`);
  }
  return value;
}

function isKnown(key: string, value: unknown): boolean {
  if (key === 'inbox') return value === 'disconnect' || value === 'drop-oldest';
  if (key !== 'channels') return false;
  if (!isRecord(value)) return POLICIES.includes(value);
  return Object.entries(value).every(([name, policy]) => isChannelName(name) && POLICIES.includes(policy));
}
