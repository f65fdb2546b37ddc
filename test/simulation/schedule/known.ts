import type { Step } from './action.ts';

/** Steps with which a promise was broken once, or would be by a likely fault, and that chance would hardly come upon. */
interface Known {
  /** Of their world. */
  readonly seed: number;
  readonly operators?: number;
  readonly steps: readonly Step[];
}

/** They run before all others. */
export const KNOWN: readonly Known[] = Object.freeze([
  {
    // A shard sleeps with a client's request to join in its socket; the client asks another one, and leaves; the shard wakes up.
    seed: 4,
    steps: [
      { type: 'scale', shards: 3, atMs: 0 },
      { type: 'stop shard', shard: 0, forMs: 11_000, atMs: 1_500 },
      { type: 'join', page: 2, by: 'itself', isTold: false, atMs: 1_600 },
      { type: 'leave channel', page: 2, by: 'itself', isTold: false, atMs: 9_500 },
    ],
  },
  {
    // A replica takes over that does not know the master's last life: logs begin again from their start, which not all may read.
    seed: 4,
    steps: [
      { type: 'publish', sender: 0, channel: 2, atMs: 50 },
      { type: 'join', page: 0, by: 'itself', isTold: false, atMs: 200 },
      { type: 'promote redis', lagMs: 600, atMs: 300 },
      { type: 'restart redis', downMs: 50, atMs: 350 },
      { type: 'publish', sender: 0, channel: 2, atMs: 600 },
    ],
  },
  {
    // Grants are taken while their shard does not hear of it, and sends the client away.
    seed: 4,
    steps: [
      { type: 'scale', shards: 4, atMs: 0 },
      { type: 'drop notifies', part: 1, forMs: 700, atMs: 284 },
      { type: 'set grants', page: 0, isGiven: false, atMs: 288 },
      { type: 'set grants', page: 1, isGiven: false, atMs: 288 },
      { type: 'set grants', page: 2, isGiven: false, atMs: 288 },
    ],
  },
  {
    // A leader is stopped between the authority and the store; when it goes on, another one has made newer maps.
    seed: 4,
    operators: 2,
    steps: [
      { type: 'stop operator', forMs: 4_000, when: 'writing', atMs: 299 },
      { type: 'scale', shards: 1, atMs: 300 },
      { type: 'scale', shards: 2, atMs: 3_000 },
    ],
  },
  {
    // The only shard leaves in the moment in which another one is up and no map names it yet.
    seed: 5_978,
    steps: [
      { type: 'scale', shards: 2, atMs: 0 },
      { type: 'replace shard', shard: 444, atMs: 161 },
    ],
  },
]);
