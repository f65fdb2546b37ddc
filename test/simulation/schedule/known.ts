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
  {
    // A shard has two sends of a client in its socket; the first fails, and the connection ends with the word of it on its way.
    seed: 5_146,
    steps: [
      { type: 'stall redis', forMs: 1_619, atMs: 470 },
      { type: 'client sends', page: 829, to: 948, atMs: 478 },
      { type: 'restart redis', downMs: 695, atMs: 500 },
      { type: 'stop shard', shard: 9, forMs: 4_555, atMs: 687 },
      { type: 'client sends', page: 865, to: 327, atMs: 711 },
    ],
  },
  {
    // A client is on its way to another shard when Redis forgets it: only the one that it comes from knows its channels.
    seed: 5_068,
    steps: [
      { type: 'cut redis', of: 559, atMs: 340 },
      { type: 'replace shard', shard: 558, atMs: 469 },
      { type: 'stall redis', forMs: 1_388, atMs: 500 },
      { type: 'flush redis', atMs: 921 },
    ],
  },
  {
    // A replica takes over that lacks a message which shards still have at hand, and somebody joins its channel.
    seed: 6_131,
    steps: [
      { type: 'join', page: 19, by: 0, isTold: true, atMs: 468 },
      { type: 'promote redis', lagMs: 622, atMs: 708 },
      { type: 'publish', sender: 1, channel: 998, atMs: 1_060 },
      { type: 'join', page: 974, by: 0, isTold: false, atMs: 1_382 },
    ],
  },
  {
    // A replica takes over that lacks the last generation of a log, which a client has in its socket.
    seed: 18_280,
    steps: [
      { type: 'stop page', page: 792, forMs: 2_140, atMs: 81 },
      { type: 'send', sender: 1, to: 405, atMs: 407 },
      { type: 'promote redis', lagMs: 970, atMs: 923 },
      { type: 'restart redis', downMs: 99, atMs: 1_119 },
      { type: 'send', sender: 1, to: 96, atMs: 1_500 },
    ],
  },
  {
    // The only other shard is back and up in the moment in which one leaves, and the map calls it away still.
    seed: 54_522,
    steps: [
      { type: 'replace shard', shard: 197, atMs: 0 },
      { type: 'replace shard', shard: 410, atMs: 689 },
    ],
  },
  {
    // Clients are told to go to a shard that is being replaced; it is back when their own one leaves.
    seed: 72_468,
    steps: [
      { type: 'scale', shards: 2, atMs: 0 },
      { type: 'replace shard', shard: 195, atMs: 65 },
      { type: 'replace shard', shard: 632, atMs: 1_000 },
    ],
  },
]);
