import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from '../../../../scripts/find-program.ts';
import { dieWithParent } from '../processes/die-with-parent.ts';

const run = promisify(execFile);
const prlimit = process.platform === 'linux' ? findProgram(undefined, ['prlimit']) : undefined;

/**
 * What Redis is started by, so that its disk can be full: a write that the limit of file sizes forbids then fails, as on a
 * full disk, where otherwise the signal that comes with it would end the process.
 */
export const underFullDisk: readonly string[] = [
  ...dieWithParent,
  '/bin/sh',
  '-c',
  'trap \'\' XFSZ; exec "$@"',
  'redis',
];

/**
 * From now on every write of the process to a file fails, or works again. A limit of the process and not a small file system,
 * since that takes no rights, outlives a restart of Redis and takes no memory; Redis treats both errors alike.
 *
 * @returns false where the system has no such limit
 */
export async function setDiskFull(pid: number, isFull: boolean): Promise<boolean> {
  if (prlimit === undefined) return false;
  // Only the soft limit, so that it can be raised again without rights.
  await run(prlimit, ['--pid', String(pid), `--fsize=${isFull ? '0' : 'unlimited'}:`]);
  return true;
}
