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

/** What is known of a collection. */
class Known<T extends KubernetesObject> {
  objects = new Map<string, T>();
  isListed = false;

  /** Whether anything is other than before. */
  take(happening: Exclude<Happening<T>, { readonly type: 'lost' }>): boolean {
    if (happening.type === 'heard') return false;
    if (happening.type === 'listed') {
      this.objects = new Map(happening.items.map((object) => [nameOf(object), object]));
      this.isListed = true;
      return true;
    }
    const { type, object } = happening;
    const before = this.objects.get(nameOf(object));
    if (type === 'gone') return before?.metadata?.uid === object.metadata?.uid && this.objects.delete(nameOf(object));
    if (isOlder(object, before)) return false;
    this.objects.set(nameOf(object), object);
    return true;
  }
}

function nameOf({ metadata }: KubernetesObject): string {
  return metadata?.name ?? '';
}

/**
 * Whether one is older than what is known already. What a write of our own returns and what the watch brings overtake each
 * other in either direction. Versions of one kind compare as whole numbers (Kubernetes says so since 1.35, and etcd always
 * did); of other servers nothing is assumed.
 */
function isOlder(object: KubernetesObject, known: KubernetesObject | undefined): boolean {
  const [one, other] = [object, known].map((either) => either?.metadata?.resourceVersion ?? '');
  if (one === undefined || other === undefined || !/^\d{1,20}$/u.test(one) || !/^\d{1,20}$/u.test(other)) return false;
  return BigInt(one) < BigInt(other);
}
