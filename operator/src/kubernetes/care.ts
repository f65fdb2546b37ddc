import { randomUUID } from 'node:crypto';
import { isFlotillaError } from '@flotilla-im/protocol';
import type { Logger } from 'pino';
import type { Leadership, OperatorDeps } from '../start-operator.ts';
import { failureOf } from './api/api-error.ts';
import type { Transport } from './api/transport.ts';
import type { ConfigMapStore } from './authority/config-map.ts';
import { type Caretaker, startCaretaker } from './caretaker.ts';
import type { Exposer } from './exposure/exposer.ts';
import { ordinalOf } from './fleet/pod-shard.ts';
import { createScaler } from './fleet/scaler.ts';
import type { StatefulFleet } from './fleet/stateful-fleet.ts';
import type { Followed } from './followed.ts';
import { createEventSender, type EventSender } from './report/event-sender.ts';
import { createFailureTeller } from './report/failure-teller.ts';
import { eventsOf } from './report/map-events.ts';
import { createStatusKeeper } from './report/status-keeper.ts';

/** What is done around the map: objects, the first count, status, events. */
export interface Care {
  readonly caretaker: Caretaker;
  readonly sender: EventSender;
  /** How the operator tells of its passes. */
  readonly hooks: Required<Pick<OperatorDeps, 'onPassed' | 'onFailed'>>;
}

/** What that needs. */
export interface CareOptions {
  readonly transport: Transport;
  readonly followed: Followed;
  readonly fleet: StatefulFleet;
  readonly exposer: Exposer;
  readonly store: ConfigMapStore;
  readonly mappedShards: () => number;
  readonly leadership: Leadership;
  readonly identity: string;
  readonly logger: Logger;
  readonly nowMs: () => number;
  readonly wallTime: () => string;
}

/** A changing status is written at most once in this time, milliseconds. */
const STATUS_PAUSE_MS = 2_000;

/** Starts it; nothing is done while another operator leads. */
export function startCare(options: CareOptions): Care {
  const { transport, followed, fleet, exposer, store, mappedShards, leadership, logger, nowMs, wallTime } = options;
  const caretaker = startCaretaker({
    isLeading: () => leadership.isLeading(),
    readFleet: () => fleet.read(),
    set: () => fleet.set(),
    podIds: () => podIds(followed, fleet),
    mappedShards,
    scaler: createScaler(transport),
    exposer,
    status: createStatusKeeper({ store, nowMs, wallTime, pauseMs: STATUS_PAUSE_MS }),
    logger,
    random: Math.random,
  });
  const sender = createEventSender(transport, {
    regarding: () => fleet.set(),
    identity: options.identity,
    wallMs: () => Date.now(),
    newId: () => randomUUID().slice(0, 8) + Date.now().toString(16),
    onFailure: (error) => logger.warn({ error: failureOf(error).text }, 'event could not be written'),
  });
  const teller = createFailureTeller();
  return {
    caretaker,
    sender,
    hooks: {
      onPassed(report) {
        caretaker.passed(report);
        sender.send([...eventsOf(report), ...teller.passed(report, nowMs())]);
      },
      onFailed(error, failures) {
        const text = isFlotillaError(error) ? error.message : failureOf(error).text;
        if (leadership.isLeading()) sender.send(teller.failed(text, failures, nowMs()));
      },
    },
  };
}

/** Ordinals whose pod is there; none while there is no set, and then nothing is removed either. */
function podIds({ pods }: Followed, fleet: StatefulFleet): number[] {
  const set = fleet.set();
  if (set === null) return [];
  return (pods.collection()?.values() ?? []).map((pod) => ordinalOf(pod, set)).filter((id) => id !== null);
}
