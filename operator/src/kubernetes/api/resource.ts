import type { OwnerReference } from '../owner.ts';
import { ApiError } from './api-error.ts';
import { jsonLines } from './json-lines.ts';
import type { Transport } from './transport.ts';

/** What every object of Kubernetes has, as far as it is looked at. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly OwnerReference[];
  };
}

/** One list of objects and the version it was true at. */
export interface Listing<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

/** One line of a watch. */
export interface WatchLine<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

/** Where a watch begins, and when the server is to end it. */
export interface WatchFrom {
  readonly resourceVersion: string;
  readonly timeoutSeconds: number;
}

/** A collection of the API server that can be followed. */
export interface Watchable<T> {
  list(signal: AbortSignal): Promise<Listing<T>>;
  /** Resolves when the server has accepted: from then on nothing is missed. */
  watch(from: WatchFrom, signal: AbortSignal): Promise<AsyncIterable<WatchLine<T>>>;
}

/** Which objects. */
export interface ResourceOptions {
  /** `/api/v1`, `/apis/apps/v1`, … */
  readonly group: string;
  readonly namespace: string;
  /** `pods`, `services`, … */
  readonly plural: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Objects a page of a list: keeps answers small in big namespaces. */
const PAGE = 500;

/** The path of a kind of objects in a namespace, or of one of them. */
export function pathOf({ group, namespace, plural }: ResourceOptions, name?: string): string {
  const path = `${group}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
  return name === undefined ? path : `${path}/${encodeURIComponent(name)}`;
}

/** The objects of one kind in one namespace, as the API server has them. */
export function createResource<T extends KubernetesObject>(
  transport: Transport,
  options: ResourceOptions,
): Watchable<T> {
  const path = pathOf(options);
  const selectors = {
    ...(options.labelSelector === undefined ? {} : { labelSelector: options.labelSelector }),
    ...(options.fieldSelector === undefined ? {} : { fieldSelector: options.fieldSelector }),
  };
  return {
    async list(signal) {
      const items: T[] = [];
      let token = '';
      do {
        const query = { ...selectors, limit: String(PAGE), ...(token === '' ? {} : { continue: token }) };
        const page = (await transport.call({ method: 'GET', path, query, signal })) as Page<T>;
        items.push(...page.items);
        token = page.metadata.continue ?? '';
        if (token === '') return { items, resourceVersion: page.metadata.resourceVersion };
      } while (!signal.aborted);
      throw new ApiError(0, 'the list was ended', null);
    },
    async watch({ resourceVersion, timeoutSeconds }, signal) {
      const query = {
        ...selectors,
        watch: '1',
        allowWatchBookmarks: 'true',
        resourceVersion,
        timeoutSeconds: String(timeoutSeconds),
      };
      const stream = await transport.stream({ method: 'GET', path, query, signal });
      return jsonLines(stream) as AsyncIterable<WatchLine<T>>;
    },
  };
}

interface Page<T> {
  readonly items: readonly T[];
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
}
