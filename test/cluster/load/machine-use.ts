import { readFileSync } from 'node:fs';

/** Where the time of all processors of a machine went, in percent of it. */
export interface MachineShares {
  readonly busy: number;
  /** Wanted by this machine, and given to others by its host: who waits then waits for no part of Flotilla. */
  readonly stolen: number;
}

interface Ticks {
  readonly total: number;
  readonly idle: number;
  readonly stolen: number;
}

/** What became of the processors' time since `mark`. */
export class MachineUse {
  #since = readTicks();

  mark(): void {
    this.#since = readTicks();
  }

  /** Null where the system does not tell. */
  shares(): MachineShares | null {
    const [from, to] = [this.#since, readTicks()];
    if (from === null || to === null || to.total <= from.total) return null;
    const percent = (ticks: number): number => Math.round((ticks * 100) / (to.total - from.total));
    const [idle, stolen] = [to.idle - from.idle, to.stolen - from.stolen];
    return { busy: 100 - percent(idle + stolen), stolen: percent(stolen) };
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
