import { Chance } from '../../simulation/platform/chance.ts';
import { type Journal, monotonicMs } from '../journal/writer.ts';
import type { CrowdCommands } from './clients/main.ts';
import { dealPeople, type Person, pick } from './people.ts';
import { Program } from './programs/program.ts';
import type { LoadSettings } from './load.ts';

const SCRIPT = new URL('clients/main.ts', import.meta.url);
/** How long it may take beyond its pace until everybody is served at the start. */
const CONNECTING_MS = 60_000;

interface Process {
  readonly program: Program<CrowdCommands>;
  readonly people: readonly Person[];
}

/** All processes of clients. */
export class Crowds {
  readonly #processes: readonly Process[];
  /** Of the parent: a stopped process cannot write that it is. */
  readonly #journal: Journal;
  readonly #chance: Chance;
  readonly #away = new Set<string>();
  #stops = 0;
  #stopped: { readonly process: Process; readonly ids: readonly string[] } | null = null;

  constructor(processes: readonly Process[], journal: Journal, chance: Chance) {
    this.#processes = processes;
    this.#journal = journal;
    this.#chance = chance;
  }

  get programs(): readonly Program<CrowdCommands>[] {
    return this.#processes.map(({ program }) => program);
  }

  async begin({ journals, mutant }: LoadSettings, port: number): Promise<void> {
    const all = this.#processes.map(({ program, people }) =>
      program.tell('begin', { journals, program: program.name, people, port, mutant }),
    );
    await Promise.all(all);
  }

  /** @throws Error naming who is not served in time */
  async connect(perSecond: number): Promise<void> {
    const count = this.#processes.reduce((sum, { people }) => sum + people.length, 0);
    const timeoutMs = CONNECTING_MS + (count * 1_000) / perSecond;
    const order = { perSecond: perSecond / this.#processes.length, timeoutMs };
    await Promise.all(this.programs.map((program) => program.tell('connect', order)));
  }

  async connected(): Promise<number> {
    const counts = await Promise.all(this.programs.map((program) => program.tell('connected')));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Monotonic milliseconds. */
  async lastArrivalMs(): Promise<number> {
    return Math.max(0, ...(await Promise.all(this.programs.map((program) => program.tell('lastArrivalMs')))));
  }

  /** Another process each time. Nothing while one is stopped. */
  stop(): void {
    const process = this.#processes[this.#stops % this.#processes.length];
    if (this.#stopped !== null || process === undefined) return;
    this.#stops += 1;
    const ids = process.people.map(({ clientId }) => clientId).filter((id) => !this.#away.has(id));
    for (const id of ids) this.#journal.writeNow(['present', monotonicMs(), id, 'stalls']);
    process.program.signal('SIGSTOP');
    this.#stopped = { process, ids };
  }

  /** Nothing while none is stopped. */
  cont(): void {
    if (this.#stopped === null) return;
    const { process, ids } = this.#stopped;
    this.#stopped = null;
    process.program.signal('SIGCONT');
    for (const id of ids) this.#journal.writeNow(['present', monotonicMs(), id, 'resumes']);
  }

  async stall(share: number): Promise<void> {
    await this.#each(share, (program, ids) => program.tell('stall', ids));
  }

  async readAgain(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.tell('readAgain')));
  }

  async storm(share: number): Promise<void> {
    await this.#each(share, (program, ids) => program.tell('cut', ids));
  }

  /** Resolves when they are back. */
  async leaveAndReturn(share: number, awayMs: number): Promise<void> {
    await this.#each(share, async (program, ids) => {
      for (const id of ids) this.#away.add(id);
      await program.tell('leaveAndReturn', { ids, awayMs });
      for (const id of ids) this.#away.delete(id);
    });
  }

  /** Resolves to how many got in. */
  async replay(count: number): Promise<number> {
    const each = Math.ceil(count / this.#processes.length);
    const got = await Promise.all(this.programs.map((program) => program.tell('replay', each)));
    return got.reduce((sum, one) => sum + one, 0);
  }

  /** Everybody, for good; resolves when all sockets are closed. */
  async leave(): Promise<void> {
    this.cont();
    await Promise.all(this.programs.map((program) => program.tell('leave')));
  }

  async end(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.tell('end')));
  }

  /** Chosen by chance among those that are here. */
  async #each(share: number, act: (program: Program<CrowdCommands>, ids: string[]) => Promise<unknown>): Promise<void> {
    const all = this.#processes.flatMap(({ people }) => people).map(({ clientId }) => clientId);
    const here = all.filter((id) => !this.#away.has(id));
    const chosen = new Set(pick(here, share, () => this.#chance.next()));
    const acts = this.#processes.map(async ({ program, people }) => {
      const ids = people.map(({ clientId }) => clientId).filter((id) => chosen.has(id));
      if (ids.length > 0) await act(program, ids);
    });
    await Promise.all(acts);
  }
}

/** Starts the processes: as few as hold everybody, each with some of every kind and of every channel. */
export function startCrowds(settings: LoadSettings, people: readonly Person[], journal: Journal): Crowds {
  const count = Math.max(1, Math.ceil(people.length / settings.clientsPerProcess));
  const processes = dealPeople(people, settings.channels, count).map((own, i) => ({
    program: new Program<CrowdCommands>(`clients-${i}`, SCRIPT),
    people: own,
  }));
  return new Crowds(processes, journal, new Chance(settings.seed, 'crowds'));
}
