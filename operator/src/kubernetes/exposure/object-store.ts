import { hasStatus } from '../api/api-error.ts';
import { type Collection, type CollectionOptions, startCollection } from '../api/collection.ts';
import { createResource, type KubernetesObject, pathOf, type ResourceOptions } from '../api/resource.ts';
import type { Transport } from '../api/transport.ts';
import { isOwnedBy, MANAGER, type OwnerReference } from '../owner.ts';
import { saidOf, says } from './drift.ts';
import { CONTENT_HASH, type DesiredObject } from './shard-objects.ts';

/** The objects of one kind that the operator makes, one a shard. */
export interface ObjectStore {
  readonly collection: Collection<KubernetesObject>;
  /** Whether the object is there as it is to be. */
  isThere(desired: DesiredObject): boolean;
  /** Writes it unless it is there as it is to be. @throws what the API server says */
  ensure(desired: DesiredObject): Promise<void>;
  /** Removes one; it is no error when it is gone already. @throws what the API server says */
  remove(name: string): Promise<void>;
}

/** Follows what there is of a kind. */
export function createObjectStore(
  transport: Transport,
  resource: ResourceOptions,
  options: CollectionOptions,
): ObjectStore {
  const collection = startCollection(createResource<KubernetesObject>(transport, resource), options);
  /** What the API server made of what we wrote, where it did not take it word for word: not written again for that. */
  const accepted = new Map<string, string>();
  const isThere = (desired: DesiredObject): boolean => {
    const actual = collection.get(desired.metadata.name);
    if (actual?.metadata?.annotations?.[CONTENT_HASH] !== desired.metadata.annotations[CONTENT_HASH]) return false;
    const [owner] = desired.metadata.ownerReferences as [OwnerReference];
    if (actual === undefined || !isOwnedBy(actual.metadata, owner)) return false;
    return saysAll(actual, desired) || accepted.get(desired.metadata.name) === saidOf(actual, comparable(desired));
  };
  return {
    collection,
    isThere,
    async ensure(desired) {
      if (isThere(desired)) return;
      const { name } = desired.metadata;
      const patch = async (contentType: string, query: Record<string, string>, body: unknown) =>
        (await transport.call({
          method: 'PATCH',
          path: pathOf(resource, name),
          query,
          contentType,
          body,
        })) as KubernetesObject;
      // Applied, not replaced: fields that are not ours stay, fields of ours that are no longer said go away.
      let written = await patch('application/apply-patch+yaml', { fieldManager: MANAGER, force: 'true' }, desired);
      // An entry that somebody added to a list of ours survives that: lists are put back whole.
      if (!saysAll(written, desired)) {
        written = await patch('application/merge-patch+json', { fieldManager: MANAGER }, comparable(desired));
      }
      if (saysAll(written, desired)) accepted.delete(name);
      else accepted.set(name, saidOf(written, comparable(desired)));
      collection.put(written);
    },
    async remove(name) {
      const uid = collection.get(name)?.metadata?.uid;
      const body = uid === undefined ? {} : { preconditions: { uid } };
      try {
        await transport.call({ method: 'DELETE', path: pathOf(resource, name), body });
      } catch (error) {
        // 409: another object of that name has taken its place, and the watch will tell.
        if (!hasStatus(error, 404) && !hasStatus(error, 409)) throw error;
      }
      accepted.delete(name);
      collection.drop(name);
    },
  };
}

function comparable({ metadata: { labels, annotations }, spec }: DesiredObject): unknown {
  return { metadata: { labels, annotations }, spec };
}

function saysAll(actual: KubernetesObject, desired: DesiredObject): boolean {
  return says(actual, comparable(desired));
}
