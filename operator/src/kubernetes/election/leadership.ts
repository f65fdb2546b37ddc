import type { Logger } from 'pino';
import { sleep } from '../../sleep.ts';
import type { Leadership } from '../../start-operator.ts';
import { failureOf } from '../api/api-error.ts';
import { type ElectionTimes, type Elector, startElector } from './elector.ts';
import type { LeaseStore } from './lease-store.ts';

/** Whether this operator leads, until it is closed: then it gives the Lease back. */
export interface ElectedLeadership extends Leadership {
  close(): Promise<void>;
}

/** What leading needs. */
export interface LeadershipOptions {
  readonly leases: LeaseStore;
  readonly times: ElectionTimes;
  readonly identity: string;
  /** One that cannot see must not lead: it stands when this says so. */
  readonly maySee: () => boolean;
  readonly logger: Logger;
  readonly nowMs: () => number;
  readonly wallTime: () => string;
  readonly random: () => number;
  readonly onLeading: () => void;
  readonly onLost: () => void;
}

/** Between two looks whether it may see by now, milliseconds. */
const LOOK_MS = 100;

/** Takes part in the election as soon as all is known. */
export function startLeadership(options: LeadershipOptions): ElectedLeadership {
  const { logger, identity } = options;
  const end = new AbortController();
  let elector: Elector | null = null;
  const begin = async (): Promise<void> => {
    while (!options.maySee() && !end.signal.aborted) await sleep(LOOK_MS, end.signal);
    if (end.signal.aborted) return;
    elector = startElector({
      ...options,
      onLeading() {
        logger.info({ identity }, 'leading');
        options.onLeading();
      },
      onFailure: (error) => logger.warn({ error: failureOf(error).text }, 'Lease could not be read or written'),
    });
  };
  const begun = begin();
  return {
    isLeading: () => elector?.isLeading() ?? false,
    async close() {
      end.abort();
      await begun;
      await elector?.close();
    },
  };
}
