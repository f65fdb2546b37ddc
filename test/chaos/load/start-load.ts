import { setTimeout as wait } from 'node:timers/promises';
import { type Journal, monotonicMs, openJournal } from '../journal/writer.ts';
import type { AddressCommands } from './addresses/main.ts';
import { type Crowds, startCrowds } from './crowds.ts';
import type { BusinessSettings, Load, LoadSettings } from './load.ts';
import { peopleOf, type Person } from './people.ts';
import { Program } from './programs/program.ts';
import { type Senders, startSenders } from './senders.ts';
import type { Membership, WatcherCommands } from './watching/main.ts';

const ADDRESSES = new URL('addresses/main.ts', import.meta.url);
const WATCHERS = new URL('watching/main.ts', import.meta.url);
/** Business processes that hear of presence, each in a consumer group of its own. The first one also joins clients to channels. */
const WATCHER_COUNT = 2;
const SETTLE_STEP_MS = 50;
/** How long after the end a client may be told offline: its lease, the grace, and some seconds. */
const OFFLINE_MS = 17_000;

interface Parts {
  readonly journal: Journal;
  readonly people: readonly Person[];
  readonly addresses: Program<AddressCommands>;
  readonly watchers: readonly Program<WatcherCommands>[];
  readonly senders: Senders;
  readonly crowds: Crowds;
}

/**
 * Starts all programs of the load. Nobody is connected before `start`.
 *
 * @throws Error when a program does not start
 */
export async function startLoad(settings: LoadSettings): Promise<Load> {
  const { journals, cluster, redisUrl, tokenKeysFile, mutant } = settings;
  const business: BusinessSettings = { journals, cluster, redisUrl, tokenKeysFile };
  const people = peopleOf(settings.clients, settings.channels);
  const journal = openJournal(journals, 'load');
  const parts: Parts = {
    journal,
    people,
    addresses: new Program('addresses', ADDRESSES),
    watchers: Array.from({ length: WATCHER_COUNT }, (_, i) => new Program(`watcher-${i}`, WATCHERS)),
    senders: startSenders(settings, business, people),
    crowds: startCrowds(settings, people, journal),
  };
  const load = new ProcessLoad(settings, parts);
  try {
    const begun = parts.watchers.map((program, i) =>
      program.tell('begin', { ...business, watcher: program.name, tellsGaps: i === 0, mutant }),
    );
    const port = await parts.addresses.tell('begin', business);
    await Promise.all([...begun, parts.senders.begin(), parts.crowds.begin(settings, port)]);
  } catch (error) {
    await load.abort();
    throw error;
  }
  return load;
}

class ProcessLoad implements Load {
  readonly #settings: LoadSettings;
  readonly #parts: Parts;
  /** Why a command failed that nobody waited for. */
  #failure: Error | null = null;
  #isEnding = false;
  readonly #killAll = (): void => {
    for (const program of this.#programs) program.signal('SIGKILL');
  };

  constructor(settings: LoadSettings, parts: Parts) {
    this.#settings = settings;
    this.#parts = parts;
    // They end by themselves when this process is gone, but for one that is stopped.
    process.once('exit', this.#killAll);
  }

  get #programs() {
    const { addresses, watchers, senders, crowds } = this.#parts;
    return [addresses, ...watchers, ...senders.programs, ...crowds.programs];
  }

  async start(): Promise<void> {
    await this.join();
    await this.#parts.crowds.connect(this.#settings.connectPerSecond);
  }

  async join(): Promise<void> {
    const members = Map.groupBy(this.#parts.people, ({ channel }) => channel);
    const memberships = [...members].map(([channel, people]): Membership => ({
      channel,
      clientIds: people.map(({ clientId }) => clientId),
    }));
    await this.#parts.watchers[0]?.tell('join', memberships);
  }

  resume(): void {
    this.#own(this.#parts.senders.resume());
  }

  pause(): void {
    this.#own(this.#parts.senders.pause());
  }

  async settle(quietMs: number, timeoutMs: number): Promise<void> {
    const beganMs = monotonicMs();
    this.pause();
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(), timeoutMs);
    const timedOut = new Promise<true>((resolve) => over.signal.addEventListener('abort', () => resolve(true)));
    // A stopped process gives no answer.
    while (!(await Promise.race([this.#isQuiet(beganMs, quietMs), timedOut]))) await wait(SETTLE_STEP_MS);
    clearTimeout(timer);
  }

  killSender(): void {
    this.#own(this.#parts.senders.kill());
  }

  stopClients(): void {
    this.#parts.crowds.stop();
  }

  contClients(): void {
    this.#parts.crowds.cont();
  }

  stall(share: number): void {
    this.#own(this.#parts.crowds.stall(share));
  }

  readAgain(): void {
    this.#own(this.#parts.crowds.readAgain());
  }

  leaveAndReturn(share: number, awayMs: number): void {
    this.#own(this.#parts.crowds.leaveAndReturn(share, awayMs));
  }

  storm(share: number): void {
    this.#own(this.#parts.crowds.storm(share));
  }

  replayTokens(count: number): Promise<number> {
    return this.#parts.crowds.replay(count);
  }

  connected(): Promise<number> {
    return this.#parts.crowds.connected();
  }

  async close(): Promise<void> {
    const { watchers, senders, crowds } = this.#parts;
    try {
      await senders.end();
      await crowds.leave();
      await Promise.all(watchers.map((program) => program.tell('allOffline', OFFLINE_MS)));
      await Promise.all([crowds.end(), ...watchers.map((program) => program.tell('end'))]);
    } finally {
      await this.abort();
    }
    if (this.#failure !== null) throw this.#failure;
  }

  /** Ends all programs as they are. */
  async abort(): Promise<void> {
    this.#isEnding = true;
    this.#parts.crowds.cont();
    await Promise.all(this.#programs.map((program) => program.end()));
    await this.#parts.journal.close();
    process.off('exit', this.#killAll);
  }

  async #isQuiet(sinceMs: number, quietMs: number): Promise<boolean> {
    try {
      const { senders, crowds } = this.#parts;
      const [unanswered, lastMs] = await Promise.all([senders.unanswered(), crowds.lastArrivalMs()]);
      return unanswered === 0 && monotonicMs() - Math.max(sinceMs, lastMs) >= quietMs;
    } catch (error) {
      // A program that is gone is told at the end, and shows in the journals.
      this.#failed(error);
      return false;
    }
  }

  #own(command: Promise<unknown>): void {
    command.catch((error: unknown) => this.#failed(error));
  }

  #failed(error: unknown): void {
    if (this.#isEnding) return;
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
  }
}
