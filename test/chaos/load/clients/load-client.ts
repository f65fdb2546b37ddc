import type { ClientKind } from '../../journal/record.ts';
import type { AskAddress } from '../addresses/ask-address.ts';
import type { Write } from '../mutants/mutate.ts';
import { ClientLog } from './client-log.ts';
import { HeldSockets } from './held-sockets.ts';
import type { UsedTokens } from './used-tokens.ts';

/** What clients of one process have in common. */
export interface ClientParts {
  /** Into the journal, past the planted fault. */
  readonly write: Write;
  readonly address: AskAddress;
  readonly used: UsedTokens;
}

/** A client of the load: an application with its library. It writes down itself what happens to it. */
export abstract class LoadClient {
  readonly clientId: string;
  protected readonly log: ClientLog;
  protected readonly parts: ClientParts;
  protected readonly sockets = new HeldSockets();

  constructor(clientId: string, kind: ClientKind, parts: ClientParts) {
    this.clientId = clientId;
    this.log = new ClientLog(clientId, kind, parts.write);
    this.parts = parts;
  }

  /** A shard serves it now. */
  abstract get isConnected(): boolean;

  /** It wants to be connected from now on, and keeps its connection up until it leaves. */
  come(): void {
    this.log.present('comes');
    this.begin();
  }

  /** By its own will, with a goodbye. Resolves when its sockets are closed. */
  async leave(): Promise<void> {
    this.readAgain();
    this.log.present('leaves');
    await this.sayGoodbye();
    await this.sockets.closed();
  }

  /** It takes nothing from its sockets any more, new ones included. */
  stall(): void {
    this.log.present('stalls');
    this.sockets.stall();
  }

  readAgain(): void {
    if (!this.sockets.isStalled) return;
    this.sockets.readAgain();
    this.log.present('resumes');
  }

  /** Its connections end at once without a word; it comes back at once. */
  cut(): void {
    this.sockets.cut();
  }

  /** Connects, and keeps connected. */
  protected abstract begin(): void;
  /** Closes what is open, and opens nothing more. */
  protected abstract sayGoodbye(): Promise<void> | void;
}
