import { readFileSync } from 'node:fs';

/** So many looks make one answer: what the kernel counts in hundredths of a second says little of a shorter time. */
const LOOKS = 4;

interface Look {
  readonly total: number;
  readonly idle: number;
}

/**
 * The part of all processors' time that nobody used. The kernel counts it for the whole machine, in a container as well
 * (`/proc/stat`, proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal). What the host of a virtual machine gave
 * to others was not idle, nor was what waited for a disk: Redis may.
 */
export class MachineIdle {
  readonly #looks: Look[] = [];
  readonly #read: () => string;

  constructor(read = () => readFileSync('/proc/stat', 'latin1')) {
    this.#read = read;
  }

  /** From 0 to 1, of the time since the last calls but a few; null where the system does not say, and until it has been asked often enough. */
  share(): number | null {
    const look = this.#look();
    if (look === null) return null;
    const before = this.#looks.length < LOOKS ? null : this.#looks.shift();
    this.#looks.push(look);
    if (!before || look.total <= before.total) return null;
    return (look.idle - before.idle) / (look.total - before.total);
  }

  #look(): Look | null {
    try {
      const [, line = ''] = /^cpu +([\d ]+)/u.exec(this.#read()) ?? [];
      const [user, nice, system, idle, iowait, ...rest] = line.split(' ').map(Number);
      if (idle === undefined) return null;
      // Time of guests is counted twice, in the last two and as a user's.
      const total = [user, nice, system, idle, iowait, ...rest.slice(0, 3)].reduce<number>(
        (sum, one) => sum + (one ?? 0),
        0,
      );
      return { total, idle };
    } catch {
      return null;
    }
  }
}
