import type { PassReport } from '../../act/reconcile.ts';

/** One condition, in the manner of Kubernetes. */
export interface Condition {
  readonly type: 'Published' | 'AllShardsUp' | 'Exposed' | 'Trusting';
  readonly status: 'True' | 'False' | 'Unknown';
  /** One word in CamelCase. */
  readonly reason: string;
  readonly message: string;
  /** ISO 8601. */
  readonly lastTransitionTime: string;
}

/** How it is with the objects around shards. */
export interface ExposureState {
  /** What could not be written, in words; null: all could. */
  readonly failure: string | null;
  /** Routes that their Gateway does not take, in words. */
  readonly refusals: readonly string[];
}

/** What `status.json` holds. */
export interface MapStatus {
  readonly epoch: number;
  readonly shardsWanted: number | null;
  readonly conditions: readonly Condition[];
}

type Verdict = Omit<Condition, 'lastTransitionTime'>;

/** The state of a cluster, from what the last pass came to; a condition keeps its time until its status changes. */
export function nextStatus(
  before: MapStatus | null,
  report: PassReport,
  exposure: ExposureState,
  now: string,
): MapStatus {
  const verdicts = [published(report), allUp(report), exposed(exposure), trusting(report)];
  const conditions = verdicts.map((verdict) => {
    const known = before?.conditions.find(({ type }) => type === verdict.type);
    return { ...verdict, lastTransitionTime: known?.status === verdict.status ? known.lastTransitionTime : now };
  });
  return { epoch: report.map?.epoch ?? 0, shardsWanted: report.desired ?? before?.shardsWanted ?? null, conditions };
}

/** Reads what an earlier pass, or another operator, has written; null for anything else. */
export function parseStatus(text: string | undefined): MapStatus | null {
  try {
    const status = JSON.parse(text ?? '') as Partial<MapStatus> | null;
    return Array.isArray(status?.conditions) ? (status as MapStatus) : null;
  } catch {
    return null;
  }
}

function published({ map, mirrored, frozen }: PassReport): Verdict {
  const type = 'Published';
  if (map === null) return { type, status: 'False', reason: 'NoMap', message: 'no map was minted yet' };
  if (mirrored === 'stale') {
    return { type, status: 'False', reason: 'Stale', message: 'Redis holds a newer map than this operator' };
  }
  if (frozen === 'store_unreachable') {
    return { type, status: 'Unknown', reason: 'StoreUnreachable', message: 'Redis cannot be reached; the map stays' };
  }
  return { type, status: 'True', reason: 'Published', message: 'the map is in this ConfigMap and in Redis' };
}

function allUp({ map, desired }: PassReport): Verdict {
  const type = 'AllShardsUp';
  const shards = map?.shards ?? [];
  const missing = shards.filter(({ state }) => state !== 'up');
  if (missing.length > 0) {
    const message = missing.map(({ id, state }) => `shard ${id} is ${state}`).join(', ');
    return { type, status: 'False', reason: 'ShardsMissing', message };
  }
  if (desired !== null && shards.length !== desired) {
    const message = `${shards.length} of ${desired} shards are in the map; others have to become ready first`;
    return { type, status: 'False', reason: 'ShardsPending', message };
  }
  return { type, status: 'True', reason: 'AllUp', message: 'every shard that is wanted is up' };
}

function exposed({ failure, refusals }: ExposureState): Verdict {
  const type = 'Exposed';
  if (failure !== null) return { type, status: 'False', reason: 'WriteFailed', message: failure };
  if (refusals.length > 0) {
    return { type, status: 'False', reason: 'RouteRefused', message: refusals.slice(0, 3).join('; ') };
  }
  return {
    type,
    status: 'True',
    reason: 'Exposed',
    message: 'every shard has its Service, and its route where one is exposed',
  };
}

function trusting({ frozen }: PassReport): Verdict {
  const type = 'Trusting';
  if (frozen === 'half_away') {
    const message = 'half or more of the shards look away at once: nothing is lent on suspicion';
    return { type, status: 'False', reason: 'HalfAway', message };
  }
  if (frozen === 'store_unreachable') {
    return { type, status: 'False', reason: 'StoreUnreachable', message: 'Redis cannot be reached: nothing is lent' };
  }
  return { type, status: 'True', reason: 'Seeing', message: 'heartbeats and pods are seen' };
}
