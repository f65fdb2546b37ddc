/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- models of the client are plain data, classes in name only */
import { CoordinationV1Api, PatchStrategy, setHeaderOptions, type V1Lease, V1MicroTime } from '@kubernetes/client-node';
import { hasStatus } from '../api/api-error.ts';
import type { Transport } from '../api/transport.ts';
import type { LeaseDraft, LeaseRecord, LeaseStore } from './lease-store.ts';
import type { OwnerReference } from '../owner.ts';

/** Which Lease, and whose it is. */
export interface KubernetesLeaseOptions {
  readonly namespace: string;
  readonly name: string;
  readonly labels: () => Readonly<Record<string, string>>;
  /** With whom it is removed; null while there is none: then no new one is made. */
  readonly owner: () => OwnerReference | null;
}

/** The Lease as an object of coordination.k8s.io/v1. */
export function createKubernetesLease(transport: Transport, options: KubernetesLeaseOptions): LeaseStore {
  const api = new CoordinationV1Api(transport.configuration);
  const { namespace, name } = options;
  return {
    async read() {
      try {
        return recordOf(await api.readNamespacedLease({ namespace, name }));
      } catch (error) {
        if (hasStatus(error, 404)) return null;
        throw error;
      }
    },
    async write(draft, version) {
      const body = leaseOf(draft, version, options);
      // Nothing would ever remove it: an operator that is uninstalled along with its set must not leave a new one behind.
      if (version === null && options.owner() === null)
        throw new Error('there is no StatefulSet that would own the Lease');
      try {
        if (version === null) return recordOf(await api.createNamespacedLease({ namespace, body }));
        // Patched, not replaced: while the set is being deleted, whose the Lease is stays as it was.
        const headers = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
        return recordOf(await api.patchNamespacedLease({ namespace, name, body }, headers));
      } catch (error) {
        if (hasStatus(error, 409) || hasStatus(error, 404)) return 'conflict';
        throw error;
      }
    },
  };
}

function leaseOf(draft: LeaseDraft, version: string | null, options: KubernetesLeaseOptions): V1Lease {
  const owner = options.owner();
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: options.name,
      namespace: options.namespace,
      labels: { ...options.labels() },
      ...(version === null ? {} : { resourceVersion: version }),
      ...(owner === null ? {} : { ownerReferences: [owner] }),
    },
    spec: {
      holderIdentity: draft.holder,
      leaseDurationSeconds: Math.ceil(draft.durationMs / 1_000),
      leaseTransitions: draft.transitions,
      // Six digits after the point: with three, as a plain Date has, the API server refuses it.
      renewTime: new V1MicroTime(draft.renewedAt),
      acquireTime: new V1MicroTime(draft.acquiredAt),
    },
  };
}

function recordOf({ metadata, spec }: V1Lease): LeaseRecord {
  return {
    holder: spec?.holderIdentity ?? '',
    durationMs: (spec?.leaseDurationSeconds ?? 0) * 1_000,
    transitions: spec?.leaseTransitions ?? 0,
    // Texts at run time, whatever their type says.
    renewedAt: timeText(spec?.renewTime),
    acquiredAt: timeText(spec?.acquireTime),
    version: metadata?.resourceVersion ?? '',
  };
}

function timeText(time: unknown): string {
  return time instanceof Date ? time.toISOString() : typeof time === 'string' ? time : new Date(0).toISOString();
}
