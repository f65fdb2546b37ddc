import { FlotillaError } from '@flotilla-im/protocol';
import type { Connection } from '../connections/connection.ts';

/** Requests that wait on one connection before its peer is read no further, where that does not stop its heartbeat. */
const HELD_FROM = 16;
/** More than that many waiting is too much. */
const MOST_WAITING = 256;
/** What is said then, for people. */
export const TOO_MANY = 'too many requests are waiting';

/** Does one request and answers it. Resolves to whether it was done; never rejects. */
export type Task = () => Promise<boolean>;

/**
 * The requests of each connection, one after another, in their order.
 *
 * A client repeats on its next connection what it has no answer to. If one failed, its answer was lost with the connection and
 * a later one was done here all the same, the repeated one would come after it. So after a failure nothing more is done before
 * the peer's stack has said that it has read the answer; and nothing at all when the connection ends first.
 */
export class RequestQueue {
  /** Only connections that have something under way. */
  readonly #waiting = new Map<Connection, Task[]>();
  /** Those whose peer has yet to read that a request failed. */
  readonly #unread = new Map<Connection, (isRead: boolean) => void>();
  readonly #nowMs: () => number;

  /** @param nowMs - monotonic */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** False: whoever asks now has to be refused, since it cannot be held back. */
  hasRoom(connection: Connection): boolean {
    return canHold(connection) || (this.#waiting.get(connection)?.length ?? 0) < MOST_WAITING;
  }

  /** Ends the connection (1013) where too much waits. */
  add(connection: Connection, task: Task): void {
    const waiting = this.#waiting.get(connection);
    if (waiting === undefined) {
      const tasks = [task];
      this.#waiting.set(connection, tasks);
      void this.#run(connection, tasks);
      return;
    }
    waiting.push(task);
    if (waiting.length === HELD_FROM && !this.#unread.has(connection)) setHeld(connection, true);
    if (waiting.length > MOST_WAITING) connection.fail(new FlotillaError('busy', TOO_MANY));
  }

  /** The peer has read what was queued when it was asked. */
  answered(connection: Connection): void {
    this.#settle(connection, true);
  }

  /** The connection is gone. */
  ended(connection: Connection): void {
    this.#settle(connection, false);
  }

  /** Never rejects: tasks answer for their own failures. */
  async #run(connection: Connection, tasks: Task[]): Promise<void> {
    for (let [task] = tasks; task !== undefined; [task] = tasks) {
      // A connection that is gone asks for nothing any more, but what it asked before is done: it may have been told so.
      const isDone = await task();
      tasks.shift();
      if (tasks.length === HELD_FROM - 1) setHeld(connection, false);
      if (!isDone && !(await this.#isRead(connection, tasks))) break;
    }
    this.#waiting.delete(connection);
  }

  /** Whether the peer has read all that it was told, and may be believed to have done so. */
  async #isRead(connection: Connection, tasks: readonly Task[]): Promise<boolean> {
    const { transport, phase } = connection;
    if (phase !== 'open') return false;
    if (transport.ask === undefined) return true;
    // Its answer comes behind whatever it has asked for meanwhile.
    if (tasks.length >= HELD_FROM) setHeld(connection, false);
    connection.askedAtMs = Math.trunc(this.#nowMs());
    transport.ask();
    const isRead = await new Promise<boolean>((resolve) => void this.#unread.set(connection, resolve));
    if (isRead && tasks.length >= HELD_FROM) setHeld(connection, true);
    return isRead;
  }

  #settle(connection: Connection, isRead: boolean): void {
    const settle = this.#unread.get(connection);
    this.#unread.delete(connection);
    settle?.(isRead);
  }
}

function setHeld(connection: Connection, isHeld: boolean): void {
  if (canHold(connection)) connection.hold(isHeld);
}

/** Engine.IO sends a ping when it has read the pong before: who is not read hears nothing, and gives up. */
function canHold({ transport }: Connection): boolean {
  return transport.kind !== 'socketio';
}
