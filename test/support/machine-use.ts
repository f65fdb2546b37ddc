import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** Where the time of all processors of a machine went, in percent of it. */
export interface MachineShares {
  readonly busy: number;
  /** Wanted by this machine, and given to others by its host: who waits then waits for no part of Flotilla. */
  readonly stolen: number;
  /** The same of the second in which it was most. */
  readonly stolenAtWorst: number;
}

/** The host is looked at for so long at a time. */
const LOOK_MS = 1_000;

/**
 * More than that of a machine's time, in percent, given to others by its host, and delays are the host's: a gap may last a
 * tenth of a second, and in a second of which the host keeps three tenths it can be as long without any part of Flotilla.
 */
const MOST_TAKEN_PERCENT = 10;
const MOST_TAKEN_OF_A_SECOND_PERCENT = 30;

/** Whether the host took too much of a machine for its delays to say anything. */
export function isTaken({ stolen, stolenAtWorst }: Pick<MachineShares, 'stolen' | 'stolenAtWorst'>): boolean {
  return stolen > MOST_TAKEN_PERCENT || stolenAtWorst > MOST_TAKEN_OF_A_SECOND_PERCENT;
}

interface Ticks {
  readonly total: number;
  readonly idle: number;
  readonly stolen: number;
}

/** What became of the processors' time since `mark`. */
export class MachineUse {
  #since = readTicks();
  #lastSecond = this.#since;
  #stolenAtWorst = 0;

  /** Looks once a second, as long as the program has something to do. */
  constructor() {
    setInterval(() => this.#look(), LOOK_MS).unref();
  }

  mark(): void {
    this.#since = this.#lastSecond = readTicks();
    this.#stolenAtWorst = 0;
  }

  /** Null where the system does not tell. */
  shares(): MachineShares | null {
    const shares = sharesBetween(this.#since, readTicks());
    return shares === null ? null : { ...shares, stolenAtWorst: Math.max(this.#stolenAtWorst, shares.stolen) };
  }

  #look(): void {
    const ticks = readTicks();
    this.#stolenAtWorst = Math.max(this.#stolenAtWorst, sharesBetween(this.#lastSecond, ticks)?.stolen ?? 0);
    this.#lastSecond = ticks;
  }
}

function sharesBetween(from: Ticks | null, to: Ticks | null): Omit<MachineShares, 'stolenAtWorst'> | null {
  if (from === null || to === null || to.total <= from.total) return null;
  const percent = (ticks: number): number => Math.round((ticks * 100) / (to.total - from.total));
  const [idle, stolen] = [to.idle - from.idle, to.stolen - from.stolen];
  return { busy: 100 - percent(idle + stolen), stolen: percent(stolen) };
}

/** So many looks in a row in which it took no more than a little. */
const LOOKS_IN_PEACE = 3;
const LITTLE_PERCENT = 3;

/** Waits until the machine has its own time for some seconds; no longer than `seconds`. */
export async function untilOwnTime(seconds = 30): Promise<void> {
  for (let look = 0, inPeace = 0; look < seconds && inPeace < LOOKS_IN_PEACE; look += 1) {
    const from = readTicks();
    await wait(LOOK_MS);
    const shares = sharesBetween(from, readTicks());
    if (shares === null) return;
    inPeace = shares.stolen <= LITTLE_PERCENT ? inPeace + 1 : 0;
  }
}

/** The line `cpu` of /proc/stat (proc_stat(5)): user nice system idle iowait irq softirq steal, then parts of user and nice. */
function readTicks(): Ticks | null {
  try {
    const line = /^cpu +([\d ]+)$/mu.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? '';
    const ticks = line.split(' ').slice(0, 8).map(Number);
    const [, , , idle = 0, waiting = 0, , , stolen = 0] = ticks;
    return { total: ticks.reduce((sum, one) => sum + one, 0), idle: idle + waiting, stolen };
  } catch {
    return null;
  }
}
