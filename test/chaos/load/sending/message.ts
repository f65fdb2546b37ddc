import type { LogName } from '../../journal/record.ts';

/** What a message of the load carries, and by what its journal names it. */
export interface LoadMessage {
  readonly life: string;
  readonly log: LogName;
  readonly n: number;
}

/** Reads what arrived. What nobody of the load can have sent gets a name that nobody has. */
export function parseMessage(data: unknown): LoadMessage {
  const { life, log, n } = (data ?? {}) as Partial<Record<keyof LoadMessage, unknown>>;
  if (typeof life === 'string' && typeof log === 'string' && typeof n === 'number') {
    return { life, log: log as LogName, n };
  }
  return { life: 'nobody', log: 'inbox:nobody', n: 0 };
}

/** The idempotency key of its send, the same at each attempt and in each life of the sender. */
export function keyOf({ life, log, n }: LoadMessage): string {
  return `${life} ${log} ${n}`;
}
