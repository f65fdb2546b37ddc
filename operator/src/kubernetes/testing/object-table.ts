import { randomUUID } from 'node:crypto';

/** An object of the fake API server: whatever JSON it was given, with metadata. */
export interface FakeObject {
  apiVersion?: string;
  kind?: string;
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    resourceVersion: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    managedFields?: { manager: string; subresource?: string }[];
    deletionTimestamp?: string;
    ownerReferences?: { uid: string }[];
  };
  [field: string]: unknown;
}

/** One line of a watch. */
export interface FakeEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly collection: string;
  readonly version: number;
  readonly object: FakeObject;
}

/** What is given of an object that is put. */
export type FakeInput = Record<string, unknown> & { readonly metadata: { readonly name: string } };

/** The objects of a fake API server by collection, each change under a version of its own. */
export class ObjectTable {
  readonly #objects = new Map<string, Map<string, FakeObject>>();
  readonly #listeners = new Set<(event: FakeEvent) => void>();
  readonly events: FakeEvent[] = [];
  version = 1;

  list(collection: string): FakeObject[] {
    return [...(this.#objects.get(collection)?.values() ?? [])];
  }

  get(collection: string, name: string): FakeObject | undefined {
    return this.#objects.get(collection)?.get(name);
  }

  /** Creates or replaces; what says the same as before is no change. */
  put(collection: string, given: FakeInput): FakeObject {
    const known = this.get(collection, given.metadata.name);
    const metadata = { ...given.metadata, uid: known?.metadata.uid ?? randomUUID() };
    const isSame =
      known !== undefined &&
      JSON.stringify({ ...known, metadata: { ...known.metadata, resourceVersion: '' } }) ===
        JSON.stringify({ ...given, metadata: { ...metadata, resourceVersion: '' } });
    if (isSame) return known;
    this.version += 1;
    const object = { ...given, metadata: { ...metadata, resourceVersion: String(this.version) } } as FakeObject;
    const objects = this.#objects.get(collection) ?? new Map<string, FakeObject>();
    this.#objects.set(collection, objects.set(object.metadata.name, object));
    this.#tell({ type: known === undefined ? 'ADDED' : 'MODIFIED', collection, version: this.version, object });
    return object;
  }

  remove(collection: string, name: string): FakeObject | undefined {
    const known = this.get(collection, name);
    if (known === undefined) return undefined;
    this.#objects.get(collection)?.delete(name);
    this.version += 1;
    const object = { ...known, metadata: { ...known.metadata, resourceVersion: String(this.version) } };
    this.#tell({ type: 'DELETED', collection, version: this.version, object });
    return known;
  }

  onEvent(listener: (event: FakeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(event: FakeEvent): void {
    this.events.push(event);
    for (const listener of this.#listeners) listener(event);
  }
}

/** A JSON merge patch (RFC 7396). */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const fields = {
    ...(typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {}),
  } as Record<string, unknown>;
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(fields, key);
    else fields[key] = mergePatch(fields[key], value);
  }
  return fields;
}
