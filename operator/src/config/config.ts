import { PLAN_DEFAULTS, type PlanOptions } from '../plan/options.ts';

/** How the operator runs, given or left out; times in milliseconds. */
export interface OperatorOptions {
  /** No heartbeat for this long, and a shard's slots are lent; default 2,000. */
  readonly failoverAfterMs?: number;
  /** Between two looks at everything; default 250. A change of the fleet is looked at at once. */
  readonly intervalMs?: number;
  /** Between two times that a map is taken over from a store that is ahead; default 5,000. */
  readonly takeOverPauseMs?: number;
  readonly plan?: Partial<PlanOptions>;
  /** Where probes and metrics are served; left out: nowhere. */
  readonly http?: { readonly host: string; readonly port: number };
}

/** The same with nothing left open. */
export interface OperatorConfig {
  readonly failoverAfterMs: number;
  readonly intervalMs: number;
  readonly takeOverPauseMs: number;
  readonly plan: PlanOptions;
  readonly http: { readonly host: string; readonly port: number } | null;
}

/** Fills in the defaults. */
export function compileConfig(options: OperatorOptions): OperatorConfig {
  return Object.freeze({
    failoverAfterMs: options.failoverAfterMs ?? 2_000,
    intervalMs: options.intervalMs ?? 250,
    takeOverPauseMs: options.takeOverPauseMs ?? 5_000,
    plan: Object.freeze({ ...PLAN_DEFAULTS, ...options.plan }),
    http: options.http ?? null,
  });
}
