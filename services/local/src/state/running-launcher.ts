import { readFile, rm, writeFile } from 'node:fs/promises';
import { Problem } from '../problem.ts';

/** What a running launcher says of itself in `.flotilla/control.json`. */
export interface LauncherRecord {
  readonly pid: number;
  /** Base address of its control endpoint, a secret in its path; absent while it starts. */
  readonly controlUrl?: string;
  readonly demo?: string;
}

/** The place of the one launcher of this folder. */
export interface Claim {
  /** Tells others how to reach it. */
  announce(record: Omit<LauncherRecord, 'pid'>): Promise<void>;
  release(): Promise<void>;
}

/** What claiming asks of the system. */
export interface ClaimDeps {
  readonly pid: number;
  readonly isAlive: (pid: number) => boolean;
  /** Whether a launcher answers at its control address. */
  readonly answers: (controlUrl: string) => Promise<boolean>;
}

/**
 * Takes the place of this folder's launcher. What a launcher left that died without releasing it is cleared away.
 *
 * @throws {Problem} when another one runs
 */
export async function claimFolder(path: string, deps: ClaimDeps): Promise<Claim> {
  const { pid } = deps;
  const other = await readLauncher(path);
  if (other !== null && (await isRunning(other, deps))) throw alreadyRunning(other);
  if (other !== null) await rm(path, { force: true });
  const write = (record: LauncherRecord, flag: 'wx' | 'w'): Promise<void> =>
    writeFile(path, `${JSON.stringify(record)}\n`, { flag, mode: 0o600 });
  try {
    await write({ pid }, 'wx');
  } catch (error) {
    // Two started at the same moment; the other one was first.
    if ((error as { code?: unknown }).code === 'EEXIST') throw alreadyRunning((await readLauncher(path)) ?? { pid: 0 });
    throw error;
  }
  return {
    announce: (record) => write({ pid, ...record }, 'w'),
    release: () => rm(path, { force: true }),
  };
}

/** Its process id may be somebody else's by now: once it has said where it is to be asked, it has to answer there. */
async function isRunning(
  { pid, controlUrl }: LauncherRecord,
  { pid: own, isAlive, answers }: ClaimDeps,
): Promise<boolean> {
  if (pid === own || !isAlive(pid)) return false;
  return controlUrl === undefined || (await answers(controlUrl));
}

/** The record of the launcher that runs in this folder; null as well when it died before it said where it is to be asked. */
export async function readLiving(path: string, isAlive: (pid: number) => boolean): Promise<LauncherRecord | null> {
  const record = await readLauncher(path);
  const isStarting = record !== null && record.controlUrl === undefined;
  return isStarting && !isAlive(record.pid) ? null : record;
}

/** The record of this folder's launcher; null when there is none, or none that can be read. */
export async function readLauncher(path: string): Promise<LauncherRecord | null> {
  try {
    const record = JSON.parse(await readFile(path, 'utf8')) as Partial<LauncherRecord> | null;
    return typeof record?.pid === 'number' ? (record as LauncherRecord) : null;
  } catch {
    return null;
  }
}

function alreadyRunning({ pid, demo }: LauncherRecord): Problem {
  const where = demo === undefined ? 'It is still starting.' : `The demo is at ${demo}.`;
  return new Problem(
    `Flotilla already runs in this folder (process ${pid}). ${where} Ctrl-C in its terminal stops it; ` +
      'npm run scale, restart and kill work on it from here.',
  );
}
