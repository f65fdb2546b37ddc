/** One thing that happens to a world. Numbers that choose somebody are taken modulo how many there are. */
export type Action =
  | { readonly type: 'send'; readonly sender: number; readonly to: number }
  | { readonly type: 'publish'; readonly sender: number; readonly channel: number }
  | {
      readonly type: 'join' | 'leave channel';
      readonly page: number;
      readonly by: number | 'itself';
      readonly isTold: boolean;
    }
  | { readonly type: 'scale'; readonly shards: number }
  | { readonly type: 'replace shard'; readonly shard: number }
  | { readonly type: 'kill shard'; readonly shard: number }
  | { readonly type: 'stop shard'; readonly shard: number; readonly forMs: number }
  | { readonly type: 'kill operator'; readonly downMs: number; readonly when: OperatorMoment }
  | { readonly type: 'stop operator'; readonly forMs: number; readonly when: OperatorMoment }
  | { readonly type: 'client sends' | 'client publishes'; readonly page: number; readonly to: number }
  | { readonly type: 'upstream'; readonly page: number }
  | { readonly type: 'set grants'; readonly page: number; readonly isGiven: boolean }
  | { readonly type: 'session'; readonly page: number; readonly lastsMs: number }
  | {
      readonly type: 'clock jump';
      readonly of: ClockOf;
      readonly which: number;
      readonly byMs: number;
      readonly forMs: number;
    }
  | { readonly type: 'kill sender'; readonly sender: number; readonly downMs: number }
  | { readonly type: 'reload page'; readonly page: number; readonly downMs: number }
  | { readonly type: 'stop page'; readonly page: number; readonly forMs: number }
  | { readonly type: 'leave'; readonly page: number; readonly isPolite: boolean }
  | { readonly type: 'cut page'; readonly page: number }
  | { readonly type: 'hold page'; readonly page: number; readonly forMs: number }
  | { readonly type: 'cut redis'; readonly of: number | 'all' }
  | { readonly type: 'hold redis'; readonly of: number | 'all'; readonly forMs: number }
  | { readonly type: 'stall redis'; readonly forMs: number }
  | { readonly type: 'restart redis'; readonly downMs: number }
  | { readonly type: 'flush redis' }
  | { readonly type: 'promote redis'; readonly lagMs: number }
  | { readonly type: 'drop notifies'; readonly part: number; readonly forMs: number };

/** When the leader is disturbed: at once, or as it reads or writes the map next. */
export type OperatorMoment = 'now' | 'reading' | 'writing';

/** Whose wall clock is wrong. Nobody's monotonic time is. */
export type ClockOf = 'shard' | 'operator' | 'service' | 'page';

/** An action and when it happens, counted from when the world is ready. */
export type Step = Action & { readonly atMs: number };

/** All that happens to one world; its seed decides every delay and every other chance. */
export interface Schedule {
  readonly seed: number;
  readonly shards: number;
  readonly clients: number;
  /** One of which leads. */
  readonly operators: number;
  readonly steps: readonly Step[];
}

/** Wrong clocks break no connection either. */
const CALM: readonly string[] = [
  ...['send', 'publish', 'client sends', 'client publishes', 'upstream'],
  ...['join', 'leave channel', 'set grants', 'scale', 'replace shard', 'clock jump'],
];

/** Whether it is everyday business, during which no connection may break. */
export function isCalm({ type }: Action): boolean {
  return CALM.includes(type);
}
