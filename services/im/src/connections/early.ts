import type { MessageRun } from '../delivery/message-run.ts';

/** Requests and texts that are kept, and as many live messages. */
const MOST = 64;

/** What is kept for a connection until its welcome: what its peer says, and what is said to it and kept nowhere else. */
export class Early<Subject> {
  readonly #actions: ((subject: Subject) => void)[] = [];
  readonly #live: MessageRun[] = [];
  #liveWeight = 0;

  /** False: too many wait. */
  addAction(action: (subject: Subject) => void): boolean {
    if (this.#actions.length === MOST) return false;
    this.#actions.push(action);
    return true;
  }

  /** Live messages. False: too much waits. @param mostWeight - of all of them */
  addLive(run: MessageRun, mostWeight: number): boolean {
    if (this.#live.length === MOST || this.#liveWeight + run.weight > mostWeight) return false;
    this.#liveWeight += run.weight;
    this.#live.push(run);
    return true;
  }

  /** In the order in which they came. */
  get actions(): readonly ((subject: Subject) => void)[] {
    return this.#actions;
  }

  /** In the order in which they came. */
  get live(): readonly MessageRun[] {
    return this.#live;
  }
}
