import type { Collection } from '../api/collection.ts';
import type { KubernetesObject } from '../api/resource.ts';

/** A collection under a test's control. */
export interface FakeCollection<T> extends Collection<T> {
  isSynced: boolean;
  /** While false nothing that it holds is current. */
  isFresh: boolean;
}

/** Holds these objects. */
export function createFakeCollection<T extends KubernetesObject>(...first: readonly T[]): FakeCollection<T> {
  const objects = new Map(first.map((object) => [object.metadata?.name ?? '', object]));
  const listeners = new Set<() => void>();
  const tell = (): void => listeners.forEach((listener) => listener());
  const collection: FakeCollection<T> = {
    isSynced: true,
    isFresh: true,
    get: (name) => objects.get(name),
    values: () => [...objects.values()],
    isCurrent: () => collection.isSynced && collection.isFresh,
    put(object) {
      objects.set(object.metadata?.name ?? '', object);
      tell();
    },
    drop(name) {
      if (objects.delete(name)) tell();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => Promise.resolve(),
  };
  return collection;
}
