import type { Address } from './options.ts';
import type { ConnectionEvent } from './events.ts';

/** Everything the machine does to the world. It is told of what comes back through its methods, never while one runs. */
export interface MachineIo {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** At least 0, below 1. */
  chance(): number;
  /** Calls `machine.alarm()` once, not before that time; replaces the earlier one. Null: never. */
  setAlarm(at: number | null): void;
  /** Asks for an address; answered by `machine.addressed` or `machine.addressFailed` with the same ticket. */
  fetchAddress(ticket: number): void;
  /** The answer to a ticket is not needed any more. */
  abandonAddress(ticket: number): void;
  /** Opens a socket; answered by `machine.opened` or `machine.closed`. */
  openSocket(link: number, address: Address): void;
  sendText(link: number, text: string): void;
  /** Closes a socket; answered by `machine.closed`. */
  closeSocket(link: number, code: number, reason: string): void;
  emit(event: ConnectionEvent): void;
  /** Closed for good: no socket is left. Called once. */
  finished(): void;
}
