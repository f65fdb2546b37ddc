import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Some ten times the weight of others. */
const NICE = -10;

/**
 * Lets a process run before others where this one may decide that: what has a machine of its own elsewhere should not wait for
 * a load that shares its processors. Linux weighs sessions first, and processes within them.
 */
export function prefer(pid: number): void {
  for (const act of [
    () => setPriority(pid, NICE),
    () => writeFileSync(`/proc/${String(pid)}/autogroup`, String(NICE)),
  ]) {
    try {
      act();
    } catch {
      // It takes rights, or a system that knows it: without, they share.
    }
  }
}
