/**
 * Arrivals that a shard takes a second (FLOTILLA_LIMIT_HANDSHAKES_PER_SECOND), and so how fast a draining shard hands its
 * clients over: as many as a machine can take besides its work that is shared by the shards, Redis and the clients themselves.
 */
export const PACE = 160;
