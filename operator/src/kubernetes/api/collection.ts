import { follow, type FollowOptions, type Happening } from './follow.ts';
import type { KubernetesObject, Watchable } from './resource.ts';

/** Objects of one kind, kept fresh by name. */
export interface Collection<T> {
  get(name: string): T | undefined;
  values(): T[];
  /** Whether it was ever listed. */
  readonly isSynced: boolean;
  /** Whether what it holds is known to be current, but for this long a break, milliseconds. */
  isCurrent(toleranceMs: number): boolean;
  /** Takes what a write of our own returned, ahead of the watch. */
  put(object: T): void;
  /** Takes note of a removal of our own. */
  drop(name: string): void;
  /** Calls back after each change, with the same guarantees as a watch: soon, possibly once too often. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** How a collection is kept. */
export interface CollectionOptions extends Omit<FollowOptions, 'signal'> {
  /** What was lost, once for each time that it begins. */
  readonly onLost: (error: unknown) => void;
}

/** How the operator follows everything: relist each 5 minutes, watches silent for 90 s are dead, retries from 0.5 to 10 s. */
export const FOLLOW_DEFAULTS = Object.freeze({
  relistMs: 300_000,
  idleMs: 90_000,
  minBackoffMs: 500,
  maxBackoffMs: 10_000,
});

/** Starts to follow a collection. */
export function startCollection<T extends KubernetesObject>(
  source: Watchable<T>,
  options: CollectionOptions,
): Collection<T> {
  const end = new AbortController();
  const listeners = new Set<() => void>();
  const known = new Known<T>();
  let lostMs: number | null = null;
  const tell = (): void => listeners.forEach((listener) => listener());
  const take = (happening: Happening<T>): void => {
    if (happening.type === 'lost') {
      if (lostMs === null) options.onLost(happening.error);
      lostMs ??= options.nowMs();
      return;
    }
    const isBack = lostMs !== null;
    lostMs = null;
    if (known.take(happening) || isBack) tell();
  };
  const run = async (): Promise<void> => {
    for await (const happening of follow(source, { ...options, signal: end.signal })) take(happening);
  };
  const running = run();
  return {
    get: (name) => known.objects.get(name),
    values: () => [...known.objects.values()],
    get isSynced() {
      return known.isListed;
    },
    isCurrent: (toleranceMs) => known.isListed && (lostMs === null || options.nowMs() - lostMs < toleranceMs),
    put(object) {
      if (known.take({ type: 'changed', object })) tell();
    },
    drop(name) {
      if (known.objects.delete(name)) tell();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      end.abort();
      return running;
    },
  };
}

/**
 * What is known of a collection. What a write of our own returns and what the watch brings overtake each other in either
 * direction, so nothing older than what is known is taken, and nothing that was there before an end or a list that lacks it.
 */
class Known<T extends KubernetesObject> {
  objects = new Map<string, T>();
  isListed = false;
  #listedAt = '';
  readonly #endedAt = new Map<string, string>();

  /** Whether anything is other than before. */
  take(happening: Exclude<Happening<T>, { readonly type: 'lost' }>): boolean {
    if (happening.type === 'heard') return false;
    if (happening.type === 'listed') return this.#takeList(happening.items, happening.resourceVersion);
    const { type, object } = happening;
    const name = nameOf(object);
    return type === 'gone' ? this.#takeEnd(name, object) : this.#takeChange(name, object);
  }

  #takeList(items: readonly T[], version: string): boolean {
    this.objects = new Map(items.map((object) => [nameOf(object), object]));
    this.isListed = true;
    this.#listedAt = version;
    this.#endedAt.clear();
    return true;
  }

  #takeEnd(name: string, object: T): boolean {
    this.#endedAt.set(name, versionOf(object));
    const known = this.objects.get(name);
    return known?.metadata?.uid === object.metadata?.uid && this.objects.delete(name);
  }

  #takeChange(name: string, object: T): boolean {
    const known = this.objects.get(name);
    const since = known === undefined ? (this.#endedAt.get(name) ?? this.#listedAt) : versionOf(known);
    if (isOlder(versionOf(object), since)) return false;
    this.objects.set(name, object);
    return true;
  }
}

function nameOf({ metadata }: KubernetesObject): string {
  return metadata?.name ?? '';
}

function versionOf({ metadata }: KubernetesObject): string {
  return metadata?.resourceVersion ?? '';
}

/** Versions of one kind compare as whole numbers (Kubernetes says so since 1.35, and etcd always did); of others nothing is assumed. */
function isOlder(one: string, other: string): boolean {
  const areNumbers = [one, other].every((version) => /^\d{1,20}$/u.test(version));
  return areNumbers && BigInt(one) < BigInt(other);
}
