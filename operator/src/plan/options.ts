/** How the planner judges shards. All fields have a default in {@link PLAN_DEFAULTS}. */
export interface PlanOptions {
  /** How long a growth waits for more shards to be ready when not all that are wanted are: slots then move once, not twice. */
  readonly growthSettleMs: number;
  /** After its second crash a shard that is back waits this long before its slots come home; doubled with each further one. */
  readonly returnDelayMs: number;
  /** The longest such wait. */
  readonly maxReturnDelayMs: number;
  /** A shard that stayed home this long has its crashes forgotten. */
  readonly forgetCrashesAfterMs: number;
}

/** What holds where nothing is configured: growth settles for 0.75 s; returns wait 5 s, doubling up to 5 minutes, forgotten after 10 minutes. */
export const PLAN_DEFAULTS: PlanOptions = Object.freeze({
  growthSettleMs: 750,
  returnDelayMs: 5_000,
  maxReturnDelayMs: 300_000,
  forgetCrashesAfterMs: 600_000,
});

/** How long a shard waits at home's door after so many crashes: nothing after the first, then doubling up to the longest. */
export function returnDelayMs(crashes: number, options: PlanOptions): number {
  if (crashes < 2) return 0;
  return Math.min(options.maxReturnDelayMs, options.returnDelayMs * 2 ** Math.min(crashes - 2, 30));
}
