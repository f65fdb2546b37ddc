import type { Child } from '@flotilla-im/local/testing';
import type { ClockFile } from '../clock/clock-file.ts';
import type { ProcessControl } from '../system.ts';
import { collected, collectedPath } from './collected.ts';
import { residentBytes } from './resident-bytes.ts';

/** Faults of a process that somebody else keeps running. */
export function createProcessControl(name: string, child: () => Child | null, clock: ClockFile): ProcessControl {
  const pid = (): number | null => child()?.pid ?? null;
  const signal = (what: NodeJS.Signals): void => {
    const running = pid();
    if (running !== null) signalProcess(running, what);
  };
  return {
    name,
    pid,
    kill: () => signal('SIGKILL'),
    stop: () => signal('SIGSTOP'),
    cont: () => signal('SIGCONT'),
    shiftClock: (byMs) => clock.shift(byMs),
    residentBytes() {
      const running = pid();
      return running === null ? null : residentBytes(running);
    },
    collect: () => collected(collectedPath(clock.path), () => signal('SIGUSR2')),
  };
}

/** A process that has just ended needs no signal. */
function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ESRCH') throw error;
  }
}
