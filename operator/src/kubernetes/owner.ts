/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- models of the client are plain data, classes in name only */
import type { V1OwnerReference, V1StatefulSet } from '@kubernetes/client-node';

/** Who writes what the operator makes: in labels, and as field manager. */
export const MANAGER = 'flotilla-operator';

/**
 * What makes an object go with its StatefulSet. It does not ask to block the set's deletion: that takes a right on
 * finalizers where a cluster checks it.
 */
export function ownerReference({ metadata }: V1StatefulSet): V1OwnerReference {
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', name: metadata?.name ?? '', uid: metadata?.uid ?? '' };
}

/** Whether an object has this owner already. */
export function isOwnedBy(
  metadata: { readonly ownerReferences?: readonly V1OwnerReference[] } | undefined,
  owner: V1OwnerReference,
): boolean {
  return metadata?.ownerReferences?.some(({ uid }) => uid === owner.uid) === true;
}
