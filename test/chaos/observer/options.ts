/** What is allowed. All but the pace are times in milliseconds. */
export interface ObserverOptions {
  /** A message that takes longer than this to a client who could have got it is late. Default 5,000. */
  readonly lateMs: number;
  /** The longest that moved `flotilla.v1` clients wait for a message in a planned move, p99. Default 100. */
  readonly moveGapMs: number;
  /** How long the shards' lease lasts: so late may a crash of theirs be noticed. Default 2,000. */
  readonly leaseMs: number;
  /** How long a client may be without a connection before it counts as offline. Default 10,000. */
  readonly graceMs: number;
  /** How much later than it happened presence may be heard of. Default 5,000. */
  readonly slackMs: number;
  /** Arrivals that a shard is configured to take a second. Default 2,000. */
  readonly pacePerSecond: number;
}

/** What the system promises with the options it has by default. */
export const DEFAULT_OPTIONS: ObserverOptions = Object.freeze({
  lateMs: 5_000,
  moveGapMs: 100,
  leaseMs: 2_000,
  graceMs: 10_000,
  slackMs: 5_000,
  pacePerSecond: 2_000,
});

/**
 * Options over their defaults.
 *
 * @param given - some of {@link ObserverOptions}, as JSON
 * @throws RangeError for an unknown name, or what is no number from 0 on
 */
export function parseOptions(given: string): ObserverOptions {
  const options = JSON.parse(given) as Record<string, unknown>;
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(DEFAULT_OPTIONS, name)) throw new RangeError(`there is no option ${name}`);
    const isNumber = typeof value === 'number' && Number.isFinite(value) && value >= 0;
    if (!isNumber) throw new RangeError(`${name} must be a number from 0 on`);
  }
  return { ...DEFAULT_OPTIONS, ...options };
}
