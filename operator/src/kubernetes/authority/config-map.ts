/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- models of the client are plain data, classes in name only */
import { CoreV1Api, PatchStrategy, setHeaderOptions, type V1ConfigMap } from '@kubernetes/client-node';
import { hasStatus } from '../api/api-error.ts';
import type { Collection } from '../api/collection.ts';
import type { Transport } from '../api/transport.ts';
import { isOwnedBy, MANAGER, type OwnerReference } from '../owner.ts';

/** One ConfigMap, read from what is followed and written by its version. */
export interface ConfigMapStore {
  /** As it is followed; null: there is none. @throws Error while it has never been listed */
  read(): V1ConfigMap | null;
  /**
   * Writes these keys of its data, its labels and its owner, and leaves the rest alone.
   *
   * @param version - what it replaces; null: there is none yet
   * @returns `conflict` when it is another one by now
   * @throws what the API server says
   */
  write(data: Readonly<Record<string, string>>, version: string | null): Promise<'written' | 'conflict'>;
  /** Whether it goes with the StatefulSet that there is: one that was made anew owns nothing at first. */
  isOwned(): boolean;
}

/** Which ConfigMap. */
export interface ConfigMapOptions {
  readonly namespace: string;
  readonly name: string;
  readonly labels: () => Readonly<Record<string, string>>;
  /** Null while the StatefulSet is not there: then nothing new is made, since nothing would ever remove it. */
  readonly owner: () => OwnerReference | null;
}

/** @param collection - what follows it, alone */
export function createConfigMapStore(
  transport: Transport,
  collection: Collection<V1ConfigMap>,
  options: ConfigMapOptions,
): ConfigMapStore {
  const api = new CoreV1Api(transport.configuration);
  const { namespace, name } = options;
  const read = (): V1ConfigMap | null => collection.get(name) ?? null;
  const readAgain = async (): Promise<void> => {
    try {
      collection.put(await api.readNamespacedConfigMap({ namespace, name }));
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
      collection.drop(name);
    }
  };
  return {
    read() {
      if (!collection.isSynced) throw new Error(`the ConfigMap ${name} has not been read yet`);
      return read();
    },
    async write(data, version) {
      try {
        collection.put(await send(api, bodyOf(data, version, options), version === null));
        return 'written';
      } catch (error) {
        if (!hasStatus(error, 409) && !hasStatus(error, 404)) throw error;
        // Not left to the watch: if it were deaf, this would be tried again without end.
        await readAgain();
        return 'conflict';
      }
    },
    isOwned() {
      const [owner, found] = [options.owner(), read()];
      return owner === null || found === null || isOwnedBy(found.metadata, owner);
    },
  };
}

/** @throws Error for a new one that nobody would own */
function bodyOf(
  data: Readonly<Record<string, string>>,
  version: string | null,
  options: ConfigMapOptions,
): V1ConfigMap {
  const owner = options.owner();
  if (version === null && owner === null) throw new Error('there is no StatefulSet that would own the ConfigMap');
  const metadata = {
    name: options.name,
    namespace: options.namespace,
    labels: { ...options.labels() },
    ...(version === null ? {} : { resourceVersion: version }),
    ...(owner === null ? {} : { ownerReferences: [owner] }),
  };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { ...data } };
}

function send(api: CoreV1Api, body: V1ConfigMap, isNew: boolean): Promise<V1ConfigMap> {
  const { name = '', namespace = '' } = body.metadata ?? {};
  if (isNew) return api.createNamespacedConfigMap({ namespace, body, fieldManager: MANAGER });
  const headers = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  return api.patchNamespacedConfigMap({ namespace, name, body, fieldManager: MANAGER }, headers);
}
