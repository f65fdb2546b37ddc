import { FlotillaError } from '@flotilla-im/protocol';
import type { ConnectionEvent, ConnectionEvents } from './events.ts';

/** Takes one event; what it returns or throws changes nothing for the connection. */
export type Handler<Type extends keyof ConnectionEvents> = (detail: ConnectionEvents[Type]) => unknown;

/** Hands events to handlers, in the order in which these were added. */
export class Emitter {
  readonly #handlers = new Map<string, Set<(detail: never) => unknown>>();

  /** Adds a handler; the returned function removes it. */
  on<Type extends keyof ConnectionEvents>(type: Type, handler: Handler<Type>): () => void {
    // A handler added twice is called twice, and each removal removes one.
    const own = (detail: ConnectionEvents[Type]): unknown => handler(detail);
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers.add(own));
    return () => void handlers.delete(own);
  }

  /** Calls every handler. One that throws, or whose promise fails, is an `error` event and hinders no other. */
  emit({ type, detail }: ConnectionEvent): void {
    const handlers = this.#handlers.get(type);
    if (type === 'error' && !handlers?.size) return;
    for (const handler of [...(handlers ?? [])]) {
      const failed = (cause: unknown): void => this.#handlerFailed(type, cause);
      try {
        const result = handler(detail as never);
        if (result instanceof Promise) result.catch(failed);
      } catch (cause) {
        failed(cause);
      }
    }
  }

  #handlerFailed(type: string, cause: unknown): void {
    if (type === 'error' || !this.#handlers.get('error')?.size) {
      // Nobody listens for errors: it must not vanish. This ends as an uncaught error, as it would in any event target.
      queueMicrotask(() => {
        throw cause;
      });
      return;
    }
    const detail = new FlotillaError('internal', `a handler of "${type}" threw`, { cause });
    this.emit({ type: 'error', detail });
  }
}
