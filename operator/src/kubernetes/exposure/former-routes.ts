import type { Logger } from 'pino';
import { hasStatus } from '../api/api-error.ts';
import { createResource, type KubernetesObject, pathOf, type ResourceOptions } from '../api/resource.ts';
import type { Transport } from '../api/transport.ts';

/** Routes of shards that this operator made before the kind of routes changed. */
export interface FormerRoutes {
  /** Removes them, once in a process: another kind of routes takes a new process. @throws what the API server says */
  remove(): Promise<void>;
}

/** Where they may be. */
export interface FormerRoutesOptions {
  /** Kinds of routes that are not in use, with the selector of what the operator made. */
  readonly kinds: readonly ResourceOptions[];
  /** Whether an object of this name is a shard's. */
  readonly isShards: (name: string) => boolean;
  readonly logger: Logger;
}

/**
 * Looks for them at the API server, whose answers may be that there is no such kind (the Gateway API is not installed) or
 * that this is none of our business: then there is nothing to remove.
 */
export function createFormerRoutes(
  transport: Transport,
  { kinds, isShards, logger }: FormerRoutesOptions,
): FormerRoutes {
  const left = new Set(kinds);
  const removeAll = async (kind: ResourceOptions): Promise<void> => {
    const { items } = await createResource<KubernetesObject>(transport, kind).list(new AbortController().signal);
    const found = items.filter(({ metadata }) => isShards(metadata?.name ?? ''));
    for (const { metadata } of found) {
      const { name = '', uid } = metadata ?? {};
      const body = uid === undefined ? {} : { preconditions: { uid } };
      // 404, 409: it is gone by now, or another object has taken its name.
      await unless([404, 409], () => transport.call({ method: 'DELETE', path: pathOf(kind, name), body }));
    }
    if (found.length > 0) logger.info({ kind: kind.plural, count: found.length }, 'routes of a former kind removed');
  };
  return {
    async remove() {
      for (const kind of left) {
        await unless([403, 404], () => removeAll(kind));
        left.delete(kind);
      }
    },
  };
}

async function unless(statuses: readonly number[], act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!statuses.some((status) => hasStatus(error, status))) throw error;
  }
}
