import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Store } from '@flotilla-im/store';
import { connectRequest, disconnect, presenceEvents } from '../arrivals.ts';
import type { Suite } from '../suite.ts';

const clients = ['alice', 'bob'] as const;
type Client = (typeof clients)[number];

interface Open {
  readonly clientId: Client;
  readonly connection: string;
  readonly incarnation: string;
  /** Its successor is open, so its end is no event. */
  hasMoved: boolean;
}

/** What presence should be, in as few words as possible. */
class Model {
  open: Open[] = [];
  /** Online clients, those in their grace included. */
  readonly online = new Set<Client>();
  /** Graces whose time is over. */
  readonly due = new Set<Client>();
  readonly fenced = new Set<string>();
  readonly expected: Record<Client, string[]> = { alice: [], bob: [] };

  of(clientId: Client): Open[] {
    return this.open.filter((one) => one.clientId === clientId);
  }

  connect(one: Open, continues: Open | undefined): void {
    const { clientId } = one;
    if (!this.online.has(clientId)) this.expected[clientId].push('online');
    const isMove = continues !== undefined && this.open.includes(continues) && !continues.hasMoved;
    if (isMove) continues.hasMoved = true;
    else this.expected[clientId].push('connected');
    this.online.add(clientId);
    this.due.delete(clientId);
    this.open.push(one);
  }

  end(one: Open, hasGrace: boolean): void {
    const { clientId } = one;
    this.open = this.open.filter((other) => other !== one);
    if (!one.hasMoved) this.expected[clientId].push('disconnected');
    if (hasGrace || this.of(clientId).length > 0) return;
    this.online.delete(clientId);
    this.expected[clientId].push('offline');
  }

  sweep(): void {
    for (const clientId of this.due) {
      this.online.delete(clientId);
      this.expected[clientId].push('offline');
    }
    this.due.clear();
  }
}

const client = fc.constantFrom(...clients);
const shard = fc.constantFrom(0, 1);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('connect' as const), client, shard, isMove: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('disconnect' as const), pick: fc.nat(9), hasGrace: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('end grace' as const), client }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sweep' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reap' as const), shard }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('zombie' as const), client, shard }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Takes each step in the store and in the model. A shard that is reaped begins a new life at once. */
class Run {
  readonly #store: Store;
  readonly model = new Model();
  readonly #lives = [0, 0];
  readonly #ever: Open[] = [];
  #made = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  async take(next: Step): Promise<void> {
    if (next.do === 'connect') return this.#connect(next.client, next.shard, next.isMove);
    if (next.do === 'disconnect') return this.#disconnect(next.pick, next.hasGrace);
    if (next.do === 'end grace') return this.#endGrace(next.client);
    if (next.do === 'reap') return this.#reap(next.shard);
    if (next.do === 'zombie') return this.#zombie(next.client, next.shard);
    await this.#store.presence.sweep();
    this.model.sweep();
  }

  #life(at: number): string {
    return `shard-${at}-life-${this.#lives[at]}`;
  }

  async #connect(clientId: Client, at: number, isMove: boolean): Promise<void> {
    const connection = `c${++this.#made}`;
    // Any that ever was, also one that is gone or has a successor.
    const from = isMove ? this.#ever.findLast((one) => one.clientId === clientId) : undefined;
    const changes = { connection, shard: at, incarnation: this.#life(at) };
    const continues = from === undefined ? {} : { continues: from.connection };
    const result = await this.#store.presence.connect(connectRequest(clientId, { ...changes, ...continues }));
    expect(result).toMatchObject({ outcome: 'connected', isFirst: !this.model.online.has(clientId) });
    const one = { clientId, connection, incarnation: changes.incarnation, hasMoved: false };
    this.model.connect(one, from);
    if (!isMove || this.#made % 2 === 0) this.#ever.push(one);
  }

  async #disconnect(pick: number, hasGrace: boolean): Promise<void> {
    const one = this.model.open[pick % Math.max(1, this.model.open.length)];
    if (one === undefined) return;
    const { clientId, connection, incarnation } = one;
    await disconnect(this.#store, clientId, connection, { incarnation, graceMs: hasGrace ? 60_000 : 0 });
    this.model.end(one, hasGrace);
  }

  async #endGrace(clientId: Client): Promise<void> {
    if (this.model.of(clientId).length > 0) return;
    await this.#store.presence.requestDisconnect(clientId, { reason: 'no more waiting' });
    if (this.model.online.has(clientId)) this.model.due.add(clientId);
  }

  async #reap(at: number): Promise<void> {
    const incarnation = this.#life(at);
    await this.#store.presence.reap(incarnation, 60_000);
    this.model.fenced.add(incarnation);
    this.#lives[at] = (this.#lives[at] ?? 0) + 1;
    for (const one of this.model.open.filter((open) => open.incarnation === incarnation)) this.model.end(one, true);
  }

  async #zombie(clientId: Client, at: number): Promise<void> {
    const [incarnation] = [...this.model.fenced].filter((fenced) => fenced.startsWith(`shard-${at}-`));
    if (incarnation === undefined) return;
    const request = connectRequest(clientId, { shard: at, incarnation });
    expect(await this.#store.presence.connect(request)).toEqual({ outcome: 'refused', why: 'fenced' });
    for (const { connection } of this.model.of(clientId)) {
      expect(await disconnect(this.#store, clientId, connection, { incarnation })).toBe('fenced');
    }
  }
}

async function check(store: Store, { open, online, expected }: Model): Promise<void> {
  expect(await store.presence.isOnline(clients)).toEqual(clients.map((clientId) => online.has(clientId)));
  for (const clientId of clients) {
    const connections = (await store.presence.connections(clientId)).map(({ connection }) => connection);
    const wanted = open.filter((one) => one.clientId === clientId).map(({ connection }) => connection);
    expect(connections.sort()).toEqual(wanted.sort());
    const events = await presenceEvents(store, clientId);
    expect([...events].sort()).toEqual([...expected[clientId]].sort());
    const turns = events.filter((type) => type === 'online' || type === 'offline');
    expect(turns).toEqual(turns.map((_, i) => (i % 2 === 0 ? 'online' : 'offline')));
  }
}

/** Presence after any history is what a simple model says. */
export const presenceModelSuite: Suite = (backend) => {
  describe('presence under any history', () => {
    test('a client is online exactly from its first connection to the end of its grace, and told so in turns', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const store = await backend().createStore();
          const run = new Run(store);
          try {
            for (const next of steps) {
              await run.take(next);
              const isOnline = await store.presence.isOnline(clients);
              expect(isOnline).toEqual(clients.map((clientId) => run.model.online.has(clientId)));
            }
            await check(store, run.model);
          } finally {
            await store.close(0);
          }
        }),
        // The limit is for looking for a shorter example after a failure.
        { numRuns: backend().name === 'memory' ? 300 : 25, interruptAfterTimeLimit: 40_000 },
      );
    }, 60_000);
  });
};
