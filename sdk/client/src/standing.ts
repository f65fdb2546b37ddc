import { Attempts } from './attempts.ts';
import type { BackoffOptions } from './backoff.ts';
import type { ConnectionEvent, ConnectionState } from './events.ts';
import type { MachineIo } from './machine-io.ts';

/** What the standing needs of the options. */
export interface StandingOptions extends BackoffOptions {
  readonly addressTimeoutMs: number;
}

/** How it stands with the connection, as the application is told, and when it is tried again. */
export class Standing {
  readonly #options: StandingOptions;
  readonly #io: MachineIo;
  readonly #nextId: () => number;
  readonly #attempts: Attempts;
  #state: ConnectionState = { type: 'connecting' };

  /** @param nextId - for the tickets of addresses */
  constructor(options: StandingOptions, io: MachineIo, nextId: () => number) {
    this.#options = options;
    this.#io = io;
    this.#nextId = nextId;
    this.#attempts = new Attempts(options);
  }

  /** The state as last told. */
  get state(): ConnectionState {
    return this.#state;
  }

  get isClosed(): boolean {
    return this.#state.type === 'closed';
  }

  /** When `check` has something to do; null: not before something happens. */
  get dueAt(): number | null {
    return this.#attempts.dueAt;
  }

  /** Asks for an address. */
  attempt(): void {
    const ticket = this.#nextId();
    this.#attempts.asked(ticket, this.#io.now() + this.#options.addressTimeoutMs);
    this.#io.fetchAddress(ticket);
    this.#set({ type: 'connecting' });
  }

  /** An answer to a ticket came: whether it is still wanted. */
  answered(ticket: number): boolean {
    return this.#attempts.answered(ticket);
  }

  /** There is no connection for now; the next attempt follows. */
  fail(reason: string, retryAfterMs = 0): void {
    const retryInMs = this.#attempts.failed(this.#io.now(), this.#io.chance(), retryAfterMs);
    this.#set({ type: 'waiting', retryInMs, reason });
  }

  /** A shard has no room yet and said when it will. */
  queue(reason: string, retryAfterMs: number): void {
    const retryInMs = this.#attempts.queued(this.#io.now(), this.#io.chance(), retryAfterMs);
    this.#set({ type: 'waiting', retryInMs, reason });
  }

  /** Tries again, or gives up an address, where the time for that has come. */
  check(now: number): void {
    const over = this.#attempts.over(now);
    if (over?.type === 'retry') this.attempt();
    if (over?.type !== 'address') return;
    this.#io.abandonAddress(over.ticket);
    this.fail('address_timeout');
  }

  /** Tries as soon as the shard allows. */
  hurry(): void {
    this.#attempts.hurry(this.#io.now());
  }

  /** The connection has proved good. */
  succeeded(): void {
    this.#attempts.succeeded();
  }

  /** A shard serves it. A move is no event: what it replaces had been served and nothing else was told since. */
  connected(recovered: boolean): void {
    if (this.#state.type !== 'connected') this.#set({ type: 'connected', recovered });
  }

  /** It has ended for good; what is told afterwards is told to nobody. */
  close(code: number, reason: string): void {
    const ticket = this.#attempts.cancel();
    if (ticket !== null) this.#io.abandonAddress(ticket);
    this.#set({ type: 'closed', code, reason });
  }

  /** Tells the application. */
  emit(event: ConnectionEvent): void {
    if (!this.isClosed) this.#io.emit(event);
  }

  #set(state: ConnectionState): void {
    if (this.isClosed) return;
    this.#state = state;
    this.#io.emit({ type: 'state', detail: state });
  }
}
