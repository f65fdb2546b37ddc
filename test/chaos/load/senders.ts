import { deal, inboxOf, type Person } from './people.ts';
import type { BusinessSettings, LoadSettings } from './load.ts';
import { Program } from './programs/program.ts';
import type { SenderCommands, SenderSettings } from './sending/main.ts';
import type { Flow } from './sending/sender.ts';

const SCRIPT = new URL('sending/main.ts', import.meta.url);
/** Sender programs. Each log is sent to by one of them. */
const SENDERS = 2;

interface Seat {
  readonly name: string;
  readonly flows: readonly Flow[];
  /** Names of its lives, the present one included. */
  lives: string[];
  program: Program<SenderCommands>;
  /** Killed, and the new life has not begun yet. */
  isBetween: boolean;
}

/** The sender programs, each of which may be killed and comes back as a new life. */
export class Senders {
  readonly #business: BusinessSettings;
  readonly #seats: readonly Seat[];
  #isSending = false;
  #kills = 0;

  constructor(business: BusinessSettings, seats: readonly Seat[]) {
    this.#business = business;
    this.#seats = seats;
  }

  get programs(): readonly Program<SenderCommands>[] {
    return this.#seats.map(({ program }) => program);
  }

  async begin(): Promise<void> {
    await Promise.all(this.#seats.map((seat) => this.#begin(seat)));
  }

  async resume(): Promise<void> {
    this.#isSending = true;
    await Promise.all(this.#seats.map((seat) => ask(seat, (program) => program.tell('resume'))));
  }

  async pause(): Promise<void> {
    this.#isSending = false;
    await Promise.all(this.#seats.map((seat) => ask(seat, (program) => program.tell('pause'))));
  }

  /** kill -9 of each in turn; resolves when its new life has begun. */
  async kill(): Promise<void> {
    const seat = this.#seats[this.#kills % this.#seats.length];
    if (seat === undefined || seat.isBetween) return;
    this.#kills += 1;
    seat.isBetween = true;
    const { program } = seat;
    await program.kill(() => program.tell('die'));
    seat.lives = [...seat.lives, `${seat.name}.${seat.lives.length + 1}`];
    seat.program = new Program(seat.lives.at(-1) ?? seat.name, SCRIPT);
    await this.#begin(seat);
    seat.isBetween = false;
    if (this.#isSending) await seat.program.tell('resume');
  }

  /** Messages without an answer; one for each sender that has not begun its new life. */
  async unanswered(): Promise<number> {
    const counts = await Promise.all(
      this.#seats.map(async (seat) => (await ask(seat, (program) => program.tell('unanswered'))) ?? 1),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async end(): Promise<void> {
    await Promise.all(this.#seats.map((seat) => ask(seat, (program) => program.tell('end'))));
  }

  async #begin({ lives, flows, program }: Seat): Promise<void> {
    const life = lives.at(-1) ?? '';
    const settings: SenderSettings = { ...this.#business, life, earlier: lives.slice(0, -1), flows };
    await program.tell('begin', settings);
  }
}

/** Resolves to nothing where the program is killed before it has answered. */
async function ask<Result>(
  seat: Seat,
  order: (program: Program<SenderCommands>) => Promise<Result>,
): Promise<Result | undefined> {
  const { program, isBetween } = seat;
  if (isBetween) return undefined;
  try {
    return await order(program);
  } catch (error) {
    if (program.isKilled) return undefined;
    throw error;
  }
}

/** Starts the programs. Every log has one sender, and every sender its share of the rates. */
export function startSenders(settings: LoadSettings, business: BusinessSettings, people: readonly Person[]): Senders {
  const channels = [...new Set(people.map(({ channel }) => channel))];
  const inboxFlows = flowsOf(
    people.map(({ clientId }) => inboxOf(clientId)),
    settings.inboxPerSecond,
  );
  const channelFlows = flowsOf(
    channels.map((channel) => `channel:${channel}` as const),
    settings.channelPerSecond,
  );
  const seats = inboxFlows.map((inboxes, i): Seat => {
    const name = `sender-${i}`;
    const flows = [inboxes, channelFlows[i]].filter((flow) => flow !== undefined);
    return { name, flows, lives: [`${name}.1`], program: new Program(`${name}.1`, SCRIPT), isBetween: false };
  });
  return new Senders(business, seats);
}

function flowsOf(logs: Flow['logs'], perSecond: number): Flow[] {
  return deal(logs, SENDERS).map((own) => ({
    logs: own,
    perSecond: logs.length === 0 ? 0 : (perSecond * own.length) / logs.length,
  }));
}
