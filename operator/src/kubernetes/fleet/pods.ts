import type { V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import { type Collection, type CollectionOptions, startCollection } from '../api/collection.ts';
import { createResource } from '../api/resource.ts';
import type { Transport } from '../api/transport.ts';
import { podSelector } from './pod-shard.ts';

/** The pods of a StatefulSet, followed by its selector as soon as that is known. */
export interface Pods {
  /** Null until the set's selector is known. */
  collection(): Collection<V1Pod> | null;
  /** Says what the set looks like now; null: there is none, and what was followed stays so. */
  select(set: V1StatefulSet | null): void;
  close(): Promise<void>;
}

/** Follows nothing yet. */
export function createPods(
  transport: Transport,
  namespace: string,
  options: CollectionOptions,
  onChange: () => void,
): Pods {
  let selector: string | null = null;
  let collection: Collection<V1Pod> | null = null;
  return {
    collection: () => collection,
    select(set) {
      const wanted = set === null ? selector : podSelector(set);
      if (wanted === null || wanted === selector) return;
      selector = wanted;
      // A set that was made anew with another selector has other pods.
      void collection?.close();
      const resource = createResource<V1Pod>(transport, {
        group: '/api/v1',
        namespace,
        plural: 'pods',
        labelSelector: wanted,
      });
      collection = startCollection(resource, options);
      collection.onChange(onChange);
    },
    close: async () => collection?.close(),
  };
}
