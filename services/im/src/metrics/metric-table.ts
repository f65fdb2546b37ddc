/** One row of the metrics table. */
export interface MetricRow {
  readonly type: 'gauge' | 'counter' | 'histogram';
  /** Labels; none of them ever names a client, a channel or an address. */
  readonly labels: readonly string[];
  readonly help: string;
  /** What whoever runs the pod should do about it. */
  readonly action: string;
}

/** Every metric of a pod without its prefix `flotilla_im_`. The documentation lists the same table. */
export const METRICS = {
  connections: {
    type: 'gauge',
    labels: ['protocol'],
    help: 'Open connections by protocol (plain, v1, socketio).',
    action: 'Scale out before it comes near FLOTILLA_LIMIT_CONNECTIONS_PER_POD.',
  },
  guests: {
    type: 'gauge',
    labels: [],
    help: 'Connections whose slot another shard owns.',
    action: 'Some after a move are normal; many for long mean addresses that are stale or routes that ignore the path.',
  },
  slots_owned: {
    type: 'gauge',
    labels: [],
    help: 'Slots that the map gives this shard, its own and lent ones.',
    action: 'Should be about 4096 / shards.',
  },
  map_epoch: {
    type: 'gauge',
    labels: [],
    help: 'Epoch of the shard map in use.',
    action: 'Should be the same on all pods within a second.',
  },
  ready: {
    type: 'gauge',
    labels: ['condition'],
    help: '1 for each condition of readiness that holds.',
    action: 'Look at /readyz of a pod where one is 0.',
  },
  queued_bytes: {
    type: 'gauge',
    labels: [],
    help: 'Bytes that wait in memory to be written to connections.',
    action: 'Grows with slow readers; compare slow_reader_catch_ups_total.',
  },
  delivered_total: {
    type: 'counter',
    labels: [],
    help: 'Durable messages written to connections.',
    action: 'The load of the pod.',
  },
  delivered_live_total: {
    type: 'counter',
    labels: [],
    help: 'Live messages written to connections.',
    action: 'The load of the pod.',
  },
  live_dropped_total: {
    type: 'counter',
    labels: [],
    help: 'Live messages not written because a reader was slow.',
    action: 'Allowed (at most once); a high rate means slow networks or too much live traffic.',
  },
  slow_reader_catch_ups_total: {
    type: 'counter',
    labels: [],
    help: 'Times a connection was taken off its queue to be served from the log.',
    action: 'Slow networks; raise FLOTILLA_LIMIT_QUEUE_BYTES if memory allows.',
  },
  slow_reader_closes_total: {
    type: 'counter',
    labels: [],
    help: 'Connections closed because they took nothing for too long (4406).',
    action: 'Slow or dead networks.',
  },
  slow_reader_dropped_total: {
    type: 'counter',
    labels: [],
    help: 'Messages that slow readers skipped by drop-oldest; a gap told each of them so.',
    action: 'Chosen by the business (slowReader); slow networks, or more traffic than these readers can take.',
  },
  slow_reader_superseded_total: {
    type: 'counter',
    labels: [],
    help: 'Messages that slow readers skipped by latest, for a newer one of the channel.',
    action: 'Chosen by the business (slowReader); a high rate means more updates than these readers can take.',
  },
  refused_total: {
    type: 'counter',
    labels: ['code'],
    help: 'Arrivals that were refused, by error code.',
    action:
      'overloaded: scale out; token_*: clocks and keys; origin_refused: FLOTILLA_ALLOWED_ORIGINS; too_many_connections: FLOTILLA_TRUSTED_PROXIES where a proxy stands before the pods.',
  },
  closed_total: {
    type: 'counter',
    labels: ['code'],
    help: 'Connections that ended, by close code; 1006 for those that vanished.',
    action: 'See the close codes in PROTOCOL.md.',
  },
  notifies_total: {
    type: 'counter',
    labels: [],
    help: 'Notifies heard from Redis.',
    action: 'The load of the pod.',
  },
  unreadable_notifies_total: {
    type: 'counter',
    labels: [],
    help: 'Notifies from Redis that could not be read and were passed over.',
    action: "Should be 0: somebody else publishes on this cluster's channels, or versions too far apart run together.",
  },
  gap_fills_total: {
    type: 'counter',
    labels: [],
    help: 'Reads of a log because a notify did not carry the next offset.',
    action: 'Some after reconnects to Redis are normal; many mean that notifies are lost.',
  },
  rereads_total: {
    type: 'counter',
    labels: [],
    help: 'Partitions read again because the tails did not agree.',
    action:
      'Each is a lost notify that was found; look at the network to Redis and its client-output-buffer-limit pubsub.',
  },
  store_losses_total: {
    type: 'counter',
    labels: [],
    help: 'Times that Redis was found to have lost everything (FLUSHALL, no persistence).',
    action:
      'Messages and memberships of clients that were not connected are gone: have the business join them again, and look at why.',
  },
  delivery_seconds: {
    type: 'histogram',
    labels: [],
    help: "From the store's time of a durable message to its write to connections.",
    action: 'Clocks of Redis and the pod must agree; else look at the event loop and the load of Redis.',
  },
  handshake_seconds: {
    type: 'histogram',
    labels: [],
    help: 'From the request of an arrival to its first frame.',
    action: 'Long with a slow Redis or a busy pod.',
  },
  event_loop_delay_seconds: {
    type: 'gauge',
    labels: ['quantile'],
    help: 'Delay of the event loop since the last scrape.',
    action: 'Above 0.1 the pod has too much to do: scale out.',
  },
} as const satisfies Record<string, MetricRow>;

/** Name of a row of {@link METRICS}. */
export type MetricName = keyof typeof METRICS;

/** What every metric's name begins with. */
export const METRIC_PREFIX = 'flotilla_im_';
