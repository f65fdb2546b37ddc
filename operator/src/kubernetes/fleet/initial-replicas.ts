import type { V1StatefulSet } from '@kubernetes/client-node';

/** Annotation of the StatefulSet with the count it is to start with. */
export const INITIAL_REPLICAS = 'flotilla.im/initial-replicas';
/** Annotation that says that this was done, and with which count. */
export const INITIAL_REPLICAS_SET = 'flotilla.im/initial-replicas-set';

/**
 * How many replicas a StatefulSet is to be given once, or null when it is to be left alone: it was done before, it asks for
 * nothing, or somebody has decided already (a count other than the one that a set without a count starts with, or a scale).
 *
 * @param mapped - shards of the map: a set that was deleted while its pods stayed, and made anew, gets back as many as it had
 */
export function initialReplicas(set: V1StatefulSet, mapped: () => number): number | null {
  const annotations = set.metadata?.annotations ?? {};
  const asked = annotations[INITIAL_REPLICAS];
  if (asked === undefined || !/^\d{1,5}$/u.test(asked)) return null;
  if (annotations[INITIAL_REPLICAS_SET] !== undefined) return null;
  if ((set.spec?.replicas ?? 1) !== 1) return null;
  if (set.metadata?.managedFields?.some(({ subresource }) => subresource === 'scale') === true) return null;
  if (set.metadata?.deletionTimestamp !== undefined) return null;
  return mapped() > 0 ? mapped() : Number(asked);
}
