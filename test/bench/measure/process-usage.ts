import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What the operating system says of a process. */
export interface ProcessUsage {
  /** User and system time since it started, in microseconds; 10 ms steps on Linux, 10 ms on macOS. */
  readonly cpuUs: number;
  readonly residentBytes: number;
}

/** Clock ticks of `/proc/<pid>/stat`: USER_HZ is 100 on every Linux that Node runs on (proc(5)). */
const TICK_US = 10_000;

/** Reads `/proc` on Linux, `ps` elsewhere. */
export function processUsage(pid: number): ProcessUsage {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): ProcessUsage {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${String(pid)}/status`, 'latin1');
  const residentKib = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  return { cpuUs: (Number(fields[11]) + Number(fields[12])) * TICK_US, residentBytes: residentKib * 1024 };
}

function fromPs(pid: number): ProcessUsage {
  const [time = '', residentKib = '0'] = execFileSync('ps', ['-o', 'time=,rss=', '-p', String(pid)], {
    encoding: 'utf8',
  })
    .trim()
    .split(/\s+/);
  const seconds = time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return { cpuUs: seconds * 1e6, residentBytes: Number(residentKib) * 1024 };
}
