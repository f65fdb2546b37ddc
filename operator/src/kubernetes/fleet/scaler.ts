/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- models of the client are plain data, classes in name only */
import { AppsV1Api, PatchStrategy, setHeaderOptions, type V1StatefulSet } from '@kubernetes/client-node';
import type { Transport } from '../api/transport.ts';
import { MANAGER } from '../owner.ts';
import { INITIAL_REPLICAS_SET } from './initial-replicas.ts';

/** Gives a StatefulSet its first count. */
export interface Scaler {
  /**
   * Sets the count, unless the set has changed since it was seen, and records that.
   *
   * @returns whether it was set now
   * @throws what the API server says, 409 when the set has changed
   */
  start(set: V1StatefulSet, count: number): Promise<void>;
}

/** By the subresources `scale` and `status`: no right to change what the pods are made from is needed. */
export function createScaler(transport: Transport): Scaler {
  const api = new AppsV1Api(transport.configuration);
  return {
    async start({ metadata, spec }, count) {
      const [namespace, name] = [metadata?.namespace ?? '', metadata?.name ?? ''];
      if ((spec?.replicas ?? 1) !== count) {
        const { resourceVersion } = metadata ?? {};
        const body = {
          apiVersion: 'autoscaling/v1',
          kind: 'Scale',
          metadata: { name, namespace, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
          spec: { replicas: count },
        };
        await api.replaceNamespacedStatefulSetScale({ namespace, name, body, fieldManager: MANAGER });
      }
      const body = { metadata: { annotations: { [INITIAL_REPLICAS_SET]: String(count) } } };
      await api.patchNamespacedStatefulSetStatus(
        { namespace, name, body, fieldManager: MANAGER },
        setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
      );
    },
  };
}
