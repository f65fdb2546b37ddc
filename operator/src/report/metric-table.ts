/** One row of the metrics table. */
export interface MetricRow {
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly labels: readonly string[];
  readonly help: string;
  /** What whoever runs the operator should do about it. */
  readonly action: string;
}

/** Every metric of the operator without its prefix `flotilla_operator_`. The documentation lists the same table. */
export const METRICS = {
  map_epoch: {
    type: 'gauge',
    labels: [],
    help: 'Epoch of the shard map in force.',
    action: 'Compare flotilla_im_map_epoch of the pods: all should follow within a second.',
  },
  shards: {
    type: 'gauge',
    labels: ['state'],
    help: 'Shards of the map by state (up, draining, away).',
    action: 'away for long: look at that pod; its slots are lent meanwhile.',
  },
  shards_wanted: {
    type: 'gauge',
    labels: [],
    help: 'Shards that are wanted.',
    action: 'More than flotilla_operator_shards for long: new pods do not become ready.',
  },
  slots_lent: {
    type: 'gauge',
    labels: [],
    help: 'Slots that are served away from home.',
    action: '0 when all shards are up; else see flotilla_operator_shards.',
  },
  slots_moved_total: {
    type: 'counter',
    labels: [],
    help: 'Slots that a new map gave to another shard.',
    action: 'Steady growth without scaling means that a shard comes and goes.',
  },
  maps_written_total: {
    type: 'counter',
    labels: [],
    help: 'Maps written to the authority: epochs minted.',
    action: 'Steady growth without scaling means that a shard comes and goes.',
  },
  maps_mirrored_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Maps given to Redis (published), or refused by it because it holds a newer one (stale).',
    action: 'stale: another operator writes to this Redis under the same cluster name.',
  },
  take_overs_total: {
    type: 'counter',
    labels: [],
    help: 'Times the map went on above an epoch that the authority had not minted.',
    action: 'Once after the authority was put back from a copy; repeated: two operators share one cluster name.',
  },
  frozen: {
    type: 'gauge',
    labels: ['reason'],
    help: '1 while the map stays as it is (store_unreachable, fleet_unknown), or nothing is lent on suspicion (half_away).',
    action: 'Redis or the API server, or the network to it, is ill; connections stay open meanwhile.',
  },
  passes_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Reconciliations by outcome (done, conflict, failed).',
    action: 'failed: see the log; the map stays as it is meanwhile.',
  },
  pass_seconds: {
    type: 'histogram',
    labels: [],
    help: 'Duration of a reconciliation.',
    action: 'Long with a slow Redis or a slow API server.',
  },
  leader: {
    type: 'gauge',
    labels: [],
    help: '1 on the operator that leads, 0 on one that stands by.',
    action: 'The sum must be 1; 0 for long: see the log for the Lease, and the operator’s rights.',
  },
  api_requests_total: {
    type: 'counter',
    labels: ['verb', 'code'],
    help: 'Calls of the API server by HTTP verb (or watch) and status (none: no answer).',
    action:
      'While nothing happens only the Lease is written (patch); 403: the Role; 429: the API server is busy; none: the network.',
  },
  follow_breaks_total: {
    type: 'counter',
    labels: ['kind'],
    help: 'Times that following a kind of objects broke and had to begin anew.',
    action: 'Some are normal; steady growth: see the log, and api_requests_total.',
  },
} as const satisfies Record<string, MetricRow>;

/** Name of a row of {@link METRICS}. */
export type MetricName = keyof typeof METRICS;

/** What every metric's name begins with. */
export const METRIC_PREFIX = 'flotilla_operator_';
