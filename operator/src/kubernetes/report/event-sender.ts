/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- models of the client are plain data, classes in name only */
import { EventsV1Api, V1MicroTime, type V1StatefulSet } from '@kubernetes/client-node';
import type { Transport } from '../api/transport.ts';
import { MANAGER } from '../owner.ts';
import type { MapEvent } from './map-events.ts';

/** Writes events for people. Best effort: what the operator does never depends on it. */
export interface EventSender {
  /** Sends them one after the other, in the background. */
  send(events: readonly MapEvent[]): void;
  /** Resolves when nothing is under way. */
  close(): Promise<void>;
}

/** What a sender needs. */
export interface EventSenderDeps {
  /** What they are about; null: there is nothing to attach them to, and they are dropped. */
  readonly regarding: () => V1StatefulSet | null;
  readonly identity: string;
  /** Wall clock, milliseconds. */
  readonly wallMs: () => number;
  /** Makes names unique. */
  readonly newId: () => string;
  readonly onFailure: (error: unknown) => void;
}

/** Beyond so many that wait, new ones are dropped. */
const MOST_WAITING = 100;

/** Events of events.k8s.io/v1 on the StatefulSet. */
export function createEventSender(transport: Transport, deps: EventSenderDeps): EventSender {
  const api = new EventsV1Api(transport.configuration);
  let waiting = 0;
  let last = Promise.resolve();
  const create = async (event: MapEvent): Promise<void> => {
    const regarding = deps.regarding()?.metadata;
    if (regarding?.name === undefined || regarding.namespace === undefined) return;
    const { name, namespace, uid = '' } = regarding;
    const reference = { apiVersion: 'apps/v1', kind: 'StatefulSet', name, namespace, uid };
    await api.createNamespacedEvent({
      namespace,
      body: {
        metadata: { name: `${name}.${deps.newId()}`, namespace },
        eventTime: new V1MicroTime(deps.wallMs()),
        reportingController: `flotilla.im/${MANAGER}`,
        reportingInstance: deps.identity.slice(0, 128),
        regarding: reference,
        ...event,
      },
    });
  };
  return {
    send(events) {
      for (const event of events) {
        if (waiting >= MOST_WAITING) return;
        waiting += 1;
        last = last
          .then(() => create(event))
          .catch(deps.onFailure)
          .finally(() => (waiting -= 1));
      }
    },
    close: () => last,
  };
}
