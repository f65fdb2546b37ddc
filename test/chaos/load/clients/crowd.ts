import { setTimeout as wait } from 'node:timers/promises';
import type { Person } from '../people.ts';
import type { ClientParts, LoadClient } from './load-client.ts';
import { PlainClient } from './plain-client.ts';
import { SocketIoClient } from './socket-io-client.ts';
import { V1Client } from './v1-client.ts';

const STEP_MS = 20;

/** The clients of one process. Those that are away take part in nothing until they are back. */
export class Crowd {
  readonly #clients: ReadonlyMap<string, LoadClient>;
  readonly #here = new Set<LoadClient>();
  #isOver = false;

  constructor(people: readonly Person[], parts: ClientParts) {
    this.#clients = new Map(people.map((person) => [person.clientId, clientOf(person, parts)]));
  }

  /** Connects all of them at this pace; resolves when all are served. @throws Error naming who is not in time */
  async connect(perSecond: number, timeoutMs: number): Promise<void> {
    const beganMs = performance.now();
    for (const [i, client] of [...this.#clients.values()].entries()) {
      const leftMs = beganMs + (i * 1_000) / perSecond - performance.now();
      if (leftMs > 0) await wait(leftMs);
      this.#comes(client);
    }
    while (this.connected < this.#clients.size) {
      if (performance.now() - beganMs > timeoutMs) throw new Error(`not connected: ${this.#missing()}`);
      await wait(STEP_MS);
    }
  }

  get connected(): number {
    return [...this.#here].filter(({ isConnected }) => isConnected).length;
  }

  stall(ids: readonly string[]): void {
    for (const client of this.#present(ids)) client.stall();
  }

  readAgain(): void {
    for (const client of this.#here) client.readAgain();
  }

  cut(ids: readonly string[]): void {
    for (const client of this.#present(ids)) client.cut();
  }

  /** Resolves when they have come back. */
  async leaveAndReturn(ids: readonly string[], awayMs: number): Promise<void> {
    const leaving = this.#present(ids);
    const left = leaving.map((client) => this.#leaves(client));
    await Promise.all([...left, wait(awayMs)]);
    for (const client of leaving) this.#comes(client);
  }

  /** Everybody, for good; resolves when every socket is closed. */
  async leave(): Promise<void> {
    this.#isOver = true;
    await Promise.all([...this.#here].map((client) => this.#leaves(client)));
  }

  #comes(client: LoadClient): void {
    if (this.#isOver) return;
    this.#here.add(client);
    client.come();
  }

  async #leaves(client: LoadClient): Promise<void> {
    this.#here.delete(client);
    await client.leave();
  }

  #present(ids: readonly string[]): LoadClient[] {
    return ids.flatMap((id) => this.#clients.get(id) ?? []).filter((client) => this.#here.has(client));
  }

  #missing(): string {
    const missing = [...this.#clients.values()].filter(({ isConnected }) => !isConnected);
    return missing.map(({ clientId }) => clientId).join(', ');
  }
}

function clientOf({ clientId, kind, polls }: Person, parts: ClientParts): LoadClient {
  if (kind === 'v1') return new V1Client(clientId, parts);
  return kind === 'plain' ? new PlainClient(clientId, parts) : new SocketIoClient(clientId, polls, parts);
}
