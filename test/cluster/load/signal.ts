// Sends a signal to the processes of one container of this machine, from a Pod that sees them all (hostPID):
// node signal.js <container id> <signal>. A container's own first process cannot be killed from within.
import { readdirSync, readFileSync } from 'node:fs';

const [container, signal = 'SIGKILL'] = process.argv.slice(2);
if (container === undefined || container === '') throw new Error('Usage: node signal.js <container id> [signal]');

const found = readdirSync('/proc')
  .filter((name) => /^\d+$/.test(name))
  .filter((pid) => cgroupOf(pid).includes(container));
for (const pid of found) process.kill(Number(pid), signal);
process.stdout.write(`${signal} to ${found.length} processes\n`);
if (found.length === 0) process.exitCode = 1;

function cgroupOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8');
  } catch {
    return '';
  }
}
