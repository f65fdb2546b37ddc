import type { V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import type { Life } from '../../plan/observation.ts';

/** What a pod says of its shard. */
export interface PodShard {
  readonly id: number;
  readonly present: boolean;
  readonly ready: boolean;
  readonly deleting: boolean;
  readonly life: Life;
}

/** The ordinal of a pod of this StatefulSet; null for other pods. By the name, which a StatefulSet guarantees. */
export function ordinalOf(pod: V1Pod, set: V1StatefulSet): number | null {
  const prefix = `${set.metadata?.name ?? ''}-`;
  const name = pod.metadata?.name ?? '';
  const ordinal = name.slice(prefix.length);
  return name.startsWith(prefix) && /^(0|[1-9]\d{0,4})$/u.test(ordinal) ? Number(ordinal) : null;
}

/**
 * A pod as a shard. It is there until its process is known to have ended: one that crashed and waits to be started again
 * serves nobody, whatever its heartbeat of a moment ago said. A pod that has ended for good is not there (`Failed`, `Succeeded`: evicted, or its node shut down), though
 * its object may be for a while.
 */
export function shardOfPod(pod: V1Pod, id: number, container: string): PodShard {
  const { metadata, status } = pod;
  const phase = status?.phase;
  const statuses = status?.containerStatuses ?? [];
  const own = statuses.find(({ name }) => name === container) ?? statuses[0];
  const starts = own?.restartCount ?? 0;
  const hasCrashed = own?.state?.terminated !== undefined || (own?.state?.waiting !== undefined && starts > 0);
  return {
    id,
    present: phase !== 'Failed' && phase !== 'Succeeded' && !hasCrashed,
    ready: status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true,
    deleting: metadata?.deletionTimestamp !== undefined,
    life: { id: metadata?.uid ?? '', starts },
  };
}

/** How many shards a StatefulSet wants, and the ordinal of the first. */
export function wantedOf(set: V1StatefulSet): { readonly desired: number; readonly firstId: number } {
  return { desired: set.spec?.replicas ?? 1, firstId: set.spec?.ordinals?.start ?? 0 };
}

/** The labels that a StatefulSet finds its pods by, as a selector of a list. */
export function podSelector(set: V1StatefulSet): string {
  const selector = set.spec?.selector;
  const [matchLabels, matchExpressions] = [selector?.matchLabels ?? {}, selector?.matchExpressions ?? []];
  const equal = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const other = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
  });
  return [...equal, ...other].join(',');
}
