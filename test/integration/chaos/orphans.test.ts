import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { dieWithParent } from '../../chaos/system/processes/die-with-parent.ts';
import { eventually } from '../../support/eventually.ts';

const PROGRAM = fileURLToPath(new URL('./system-program.ts', import.meta.url));

/** Process ids of those that a process has started and that run. */
async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name));
  const parents = await Promise.all(pids.map(parentOf));
  return pids.filter((_, i) => parents[i] === parent).map(Number);
}

/** Null for one that is gone. */
async function parentOf(pid: string): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  const [state, parent] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? ['Z'];
  return state === 'Z' ? null : Number(parent);
}

test('a system whose program is killed leaves no process behind, not even a stopped one', async () => {
  if (dieWithParent.length === 0) {
    process.stdout.write('left out: this system has no setpriv, which ties a process to its parent\n');
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-chaos-orphans-'));
  const options = ['--conditions=flotilla-source', PROGRAM, folder];
  const program = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(program.stdout, 'data');
    const children = await childrenOf(program.pid ?? 0);
    // Redis, the links, the operator and a shard.
    expect(children.length).toBeGreaterThanOrEqual(4);
    program.kill('SIGKILL');
    await eventually(async () => {
      const parents = await Promise.all(children.map((pid) => parentOf(String(pid))));
      expect(parents.filter((parent) => parent !== null)).toEqual([]);
    });
  } finally {
    program.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});
