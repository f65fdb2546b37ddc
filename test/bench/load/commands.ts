/** What the bench tells a load process, one at a time. */
export type LoadCommand =
  | {
      readonly type: 'connect';
      readonly dialect: 'flotilla.v1' | 'socket.io';
      readonly urls: readonly string[];
      readonly concurrency: number;
      /** Whether messages carry `sentAt`, to be timed. */
      readonly isTimed: boolean;
    }
  /** Answered when `count` messages have arrived since the last reset. */
  | { readonly type: 'await'; readonly count: number; readonly timeoutMs: number }
  /** Forgets what was counted and timed. */
  | { readonly type: 'reset' }
  | { readonly type: 'report' }
  | { readonly type: 'close' };

/** What the load process answers. */
export interface LoadAnswer {
  /** Messages since the last reset. */
  readonly messages: number;
  /** From `sentAt` in a message's data to its arrival, in ms: 50th, 99th percentile and the largest; null without such messages. */
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number } | null;
  /** Set when the command could not be carried out. */
  readonly error?: string;
}
