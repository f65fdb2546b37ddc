import type { ClientKind } from '../../journal/record.ts';
import { monotonicMs } from '../../journal/writer.ts';
import type { Write } from '../mutants/mutate.ts';
import { logOf } from '../people.ts';
import { parseMessage } from '../sending/message.ts';

/** A connection by which a shard serves, or served, a client. */
export interface ServedConnection {
  /** 1, 2, … of this client. */
  readonly number: number;
  readonly shard: number;
}

/** What one client writes down. */
export class ClientLog {
  readonly clientId: string;
  readonly #kind: ClientKind;
  readonly #write: Write;
  #connections = 0;

  constructor(clientId: string, kind: ClientKind, write: Write) {
    this.clientId = clientId;
    this.#kind = kind;
    this.#write = write;
  }

  present(what: 'comes' | 'leaves' | 'stalls' | 'resumes'): void {
    this.#write(['present', monotonicMs(), this.clientId, what]);
  }

  /** A shard serves a new connection. @param dialledMs monotonic milliseconds */
  served(shard: number, dialledMs: number): ServedConnection {
    this.#connections += 1;
    const number = this.#connections;
    this.#write(['served', monotonicMs(), this.clientId, this.#kind, number, shard, dialledMs]);
    return { number, shard };
  }

  /** A connection that was served has ended. */
  closed({ number, shard }: ServedConnection, code: number): void {
    this.#write(['closed', monotonicMs(), this.clientId, number, shard, code]);
  }

  /** @param tMs when it reached the application @param connection 0: hidden by the library */
  arrived(tMs: number, connection: number, data: unknown): void {
    const { life, log, n } = parseMessage(data);
    this.#write(['arrived', tMs, this.clientId, connection, life, log, n]);
  }

  /** It was told that messages are lost. @param channel none: its inbox */
  gap(channel: string | null | undefined): void {
    this.#write(['gap', monotonicMs(), this.clientId, logOf(this.clientId, channel)]);
  }
}
