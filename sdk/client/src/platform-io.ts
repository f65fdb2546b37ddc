import type { Emitter } from './emitter.ts';
import type { Machine } from './machine.ts';
import type { MachineIo } from './machine-io.ts';
import type { Address, CompiledOptions } from './options.ts';
import { openSocket, type Socket } from './socket.ts';

/** The longest time that `setTimeout` can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What the machine's world is tied to. */
export interface PlatformParts {
  readonly emitter: Emitter;
  /** The machine itself, which does not exist yet when its world is made. */
  readonly machine: () => Machine;
  readonly finished: () => void;
}

/** The machine's world on a real platform: its clock, timers, sockets and the application's address callback. */
export function createPlatformIo(options: CompiledOptions, { emitter, machine, finished }: PlatformParts): MachineIo {
  const sockets = new Map<number, Socket>();
  const tickets = new Map<number, AbortController>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const fetchAddress = async (ticket: number): Promise<void> => {
    const controller = new AbortController();
    tickets.set(ticket, controller);
    try {
      // Not within the call that asks: the machine is told of nothing while it runs.
      await Promise.resolve();
      if (controller.signal.aborted) return;
      const address = await options.address({ signal: controller.signal });
      if (address === null || isAddress(address)) machine().addressed(ticket, address);
      else machine().addressFailed(ticket);
    } catch (error) {
      machine().addressFailed(ticket, retryAfterOf(error));
    } finally {
      tickets.delete(ticket);
    }
  };

  return {
    now: () => performance.now(),
    chance: () => Math.random(),
    setAlarm: (at) => {
      clearTimeout(timer);
      if (at === null) return;
      const delay = Math.min(LONGEST_TIMER_MS, Math.max(0, Math.ceil(at - performance.now())));
      timer = setTimeout(() => machine().alarm(), delay);
    },
    fetchAddress: (ticket) => void fetchAddress(ticket),
    abandonAddress: (ticket) => tickets.get(ticket)?.abort(),
    openSocket: (link, address) => {
      const socket = openSocket(options.WebSocket, address, {
        opened: () => machine().opened(link),
        received: (data) => machine().received(link, data),
        closed: (code, reason) => {
          sockets.delete(link);
          machine().closed(link, code, reason);
        },
      });
      sockets.set(link, socket);
    },
    sendText: (link, text) => sockets.get(link)?.send(text),
    closeSocket: (link, code, reason) => sockets.get(link)?.close(code, reason),
    emit: (event) => emitter.emit(event),
    finished,
  };
}

function isAddress(value: unknown): value is Address {
  const { url, token } = (value ?? {}) as Partial<Record<keyof Address, unknown>>;
  return typeof url === 'string' && typeof token === 'string';
}

function retryAfterOf(error: unknown): number | undefined {
  const wait = (error as { readonly retryAfterMs?: unknown } | null | undefined)?.retryAfterMs;
  return typeof wait === 'number' && wait >= 0 ? wait : undefined;
}
