import { follow, type FollowOptions } from './follow.ts';
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
  let objects = new Map<string, T>();
  let isSynced = false;
  let lostMs: number | null = null;
  const tell = (): void => listeners.forEach((listener) => listener());
  const run = async (): Promise<void> => {
    for await (const happening of follow(source, { ...options, signal: end.signal })) {
      if (happening.type === 'lost') {
        if (lostMs === null) options.onLost(happening.error);
        lostMs ??= options.nowMs();
        continue;
      }
      const wasLost = lostMs !== null;
      lostMs = null;
      if (happening.type === 'listed') {
        objects = new Map(happening.items.map((object) => [nameOf(object), object]));
        isSynced = true;
      } else if (happening.type === 'changed') {
        if (!isOlder(happening.object, objects.get(nameOf(happening.object))))
          objects.set(nameOf(happening.object), happening.object);
      } else if (happening.type === 'gone') {
        objects.delete(nameOf(happening.object));
      } else if (!wasLost) continue;
      tell();
    }
  };
  const running = run();
  return {
    get: (name) => objects.get(name),
    values: () => [...objects.values()],
    get isSynced() {
      return isSynced;
    },
    isCurrent: (toleranceMs) => isSynced && (lostMs === null || options.nowMs() - lostMs < toleranceMs),
    put(object) {
      objects.set(nameOf(object), object);
      tell();
    },
    drop(name) {
      if (objects.delete(name)) tell();
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

function nameOf({ metadata }: KubernetesObject): string {
  return metadata?.name ?? '';
}

/**
 * Whether an event of the watch is older than what a write of our own returned before it. Versions of one object compare
 * as whole numbers (Kubernetes says so since 1.35, and etcd always did); of other servers nothing is assumed.
 */
function isOlder(event: KubernetesObject, known: KubernetesObject | undefined): boolean {
  if (known === undefined || event.metadata?.uid !== known.metadata?.uid) return false;
  const [one, other] = [event, known].map(({ metadata }) => metadata?.resourceVersion ?? '');
  if (one === undefined || other === undefined || !/^\d{1,20}$/u.test(one) || !/^\d{1,20}$/u.test(other)) return false;
  return BigInt(one) < BigInt(other);
}
