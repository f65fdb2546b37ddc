import type { Flotilla } from '@flotilla-im/sdk';
import { randomBytes } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { Listener, ListenerParts } from './clients/listener.ts';
import { createLookUp } from './clients/look-up.ts';
import { startPlainListener } from './clients/plain-listener.ts';
import { startSocketIoListener } from './clients/socket-io-listener.ts';
import { startV1Listener } from './clients/v1-listener.ts';
import { Journal, type ServedConnection } from './journal.ts';
import { type Client, type ClientKind, Ledger } from './ledger/ledger.ts';
import type { LoadReport, LoadStatus } from './ledger/report.ts';
import { MachineUse, untilOwnTime } from '../../support/machine-use.ts';
import { type LoadData, Sender } from './sender.ts';
import type { LoadSettings } from './settings.ts';

/** What is told of without being counted. */
const MOST_FAULTS = 10;
const NS_PER_MS = 1e6;
/** A timer this long is what its lateness is measured by. */
const OWN_STEP_MS = 5;
/** As many of these in a row, none of them later than its own length, say that all that had to wait has been taken in. */
const STEPS_ON_TIME = 10;
/** As many are waited for at most: a machine that is never on time is measured as it is. */
const MOST_STEPS = 400;

interface Person extends Client {
  readonly channel: string;
}

/** Clients that listen, a sender, and the observer of both. */
export class Load {
  /** Begins every name of this life, so that nobody is a member of what an earlier life made. */
  readonly #name = randomBytes(3).toString('hex');
  readonly #settings: LoadSettings;
  readonly #flotilla: Flotilla;
  readonly #ledger = new Ledger();
  readonly #journal = new Journal();
  readonly #people: readonly Person[];
  readonly #listeners = new Map<string, { kind: ClientKind; listener: Listener }>();
  /** The connection by which each client is served now. */
  readonly #places = new Map<string, ServedConnection>();
  readonly #sender: Sender;
  readonly #ownDelay = monitorEventLoopDelay({ resolution: OWN_STEP_MS });
  readonly #machine = new MachineUse();
  #faults: string[] = [];
  #markedMs = performance.now();

  constructor(settings: LoadSettings, flotilla: Flotilla) {
    this.#settings = settings;
    this.#flotilla = flotilla;
    this.#people = peopleOf(settings, this.#name);
    for (const person of this.#people) this.#ledger.add(person, [person.id, person.channel]);
    const channels = new Set(this.#people.map(({ channel }) => channel));
    const target = (kind: 'inbox' | 'channel') => (name: string) => ({ kind, stream: this.#ledger.stream(name) });
    const flows = [
      { targets: this.#people.map(({ id }) => target('inbox')(id)), perSecond: settings.inboxPerSecond },
      { targets: [...channels].map(target('channel')), perSecond: settings.channelPerSecond },
    ];
    this.#sender = new Sender(flotilla, flows, (text) => this.#fault(text));
    this.#ownDelay.enable();
  }

  /** Joins the channels, connects everybody at a pace of its own. Sends nothing yet. */
  async start(): Promise<void> {
    await this.join();
    const look = createLookUp();
    const parts = this.#parts();
    const begunMs = performance.now();
    for (const [i, { id, kind }] of this.#people.entries()) {
      const dueMs = begunMs + (i * 1_000) / this.#settings.connectPerSecond;
      if (dueMs > performance.now()) await wait(dueMs - performance.now());
      this.#listeners.set(id, { kind, listener: startListener(id, kind, parts, look) });
    }
  }

  /** Makes everybody a member of their channel (again: it is idempotent). */
  async join(): Promise<void> {
    const members = Map.groupBy(this.#people, ({ channel }) => channel);
    for (const [channel, people] of members) {
      await this.#flotilla.channels.join(
        channel,
        people.map(({ id }) => id),
        { deadlineMs: 30_000 },
      );
    }
  }

  resume(): void {
    this.#sender.resume();
  }

  pause(): void {
    this.#sender.pause();
  }

  /**
   * Begins a new window. All garbage is collected before it: that stops the observer for longer than a gap may last, and
   * the room it gets is enough for the longest window.
   */
  async mark(): Promise<void> {
    await untilOwnTime();
    globalThis.gc?.();
    await untilOnTime();
    this.#markedMs = performance.now();
    this.#ledger.mark(this.#markedMs);
    this.#journal.mark();
    this.#sender.mark();
    this.#ownDelay.reset();
    this.#machine.mark();
    this.#faults = [];
  }

  status(): LoadStatus {
    const connected = { v1: 0, plain: 0, socketIo: 0 };
    for (const { kind, listener } of this.#listeners.values()) if (listener.isConnected) connected[kind] += 1;
    return {
      name: this.#name,
      connected,
      clients: this.#settings.clients,
      isSending: this.#sender.isSending,
      unanswered: this.#sender.unanswered,
      lacking: this.#ledger.lacking(),
    };
  }

  /** The shard that serves each `flotilla.v1` client, in their order; null for one that none serves. */
  places(): (number | null)[] {
    const own = this.#people.filter(({ kind }) => kind === 'v1');
    return own.map(({ id }) => this.#places.get(id)?.shard ?? null);
  }

  /** The window so far. */
  report(): LoadReport {
    const nowMs = performance.now();
    const report = this.#ledger.report(nowMs);
    const delay = this.#ownDelay;
    const lateMs = (ns: number): number => Math.max(0, Math.round(ns / NS_PER_MS - OWN_STEP_MS));
    return {
      ...report,
      examples: [...this.#faults, ...report.examples],
      windowMs: nowMs - this.#markedMs,
      closes: this.#journal.closes(),
      peaks: this.#journal.peaks(),
      sender: this.#sender.report(),
      ownDelayMs: {
        count: delay.count,
        p50: lateMs(delay.percentile(50)),
        p99: lateMs(delay.percentile(99)),
        max: lateMs(delay.max),
      },
      machine: this.#machine.shares(),
    };
  }

  #parts(): ListenerParts {
    return {
      // A device has a place of its own in each channel, so that a plain client need not begin at its join again.
      address: (clientId) => this.#flotilla.connectInfo(clientId, { device: 'load' }),
      events: {
        served: (connection) => {
          this.#places.set(connection.clientId, connection);
          this.#journal.served(connection);
          this.#ledger.connected(connection.clientId, performance.now());
        },
        closed: (connection, code) => {
          // One that was cut off may end long after another to the same shard has taken its place.
          if (this.#places.get(connection.clientId) === connection) this.#places.delete(connection.clientId);
          this.#journal.closed(connection, code);
        },
        message: (clientId, data) => {
          const { s, n } = data as LoadData;
          this.#ledger.arrived(clientId, s, n, performance.now());
        },
        gap: (clientId) => this.#ledger.toldOfGap(clientId),
      },
    };
  }

  #fault(text: string): void {
    if (this.#faults.length < MOST_FAULTS) this.#faults.push(text);
  }
}

function startListener(id: string, kind: ClientKind, parts: ListenerParts, look: ReturnType<typeof createLookUp>) {
  if (kind === 'v1') return startV1Listener(id, parts, look);
  return kind === 'plain' ? startPlainListener(id, parts, look) : startSocketIoListener(id, parts);
}

async function untilOnTime(): Promise<void> {
  for (let step = 0, inTime = 0; step < MOST_STEPS && inTime < STEPS_ON_TIME; step += 1) {
    const begunMs = performance.now();
    await wait(OWN_STEP_MS);
    inTime = performance.now() - begunMs < 2 * OWN_STEP_MS ? inTime + 1 : 0;
  }
}

function peopleOf({ clients, channels }: LoadSettings, name: string): Person[] {
  const kinds: readonly ClientKind[] = ['v1', 'plain', 'socketIo'];
  const all = kinds.flatMap((kind) =>
    Array.from({ length: clients[kind] }, (_, i) => ({ id: `${name}-${kind}-${i}`, kind })),
  );
  return all.map((person, i) => ({ ...person, channel: `${name}-channel-${i % channels}` }));
}
