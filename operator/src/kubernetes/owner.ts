import type { V1StatefulSet } from '@kubernetes/client-node';

/** What an object goes away with. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** Who writes what the operator makes: in labels, and as field manager. */
export const MANAGER = 'flotilla-operator';

/**
 * What makes an object go with its StatefulSet. It does not ask to block the set's deletion: that takes a right on
 * finalizers where a cluster checks it.
 */
export function ownerReference({ metadata }: V1StatefulSet): OwnerReference {
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', name: metadata?.name ?? '', uid: metadata?.uid ?? '' };
}

/** Whether an object has this owner already. */
export function isOwnedBy(
  metadata: { readonly ownerReferences?: readonly { readonly uid: string }[] } | undefined,
  owner: OwnerReference,
): boolean {
  return metadata?.ownerReferences?.some(({ uid }) => uid === owner.uid) === true;
}
