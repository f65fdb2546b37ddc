import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { MUTANTS } from './mutants.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
/** So many schedules must be enough. */
const SCHEDULES = '600';

/** Runs the simulation with each mutant, in a process of its own. The exit code is 1 when one was not found. */
export async function runMutants(): Promise<void> {
  for (const { name } of MUTANTS) {
    const { code, output } = await runOne(['--mutant', name, '--schedules', SCHEDULES]);
    const lines = output.trim().split('\n');
    const isFound = code === 1 && lines.some((line) => line.startsWith('seed '));
    process.stdout.write(
      `${isFound ? 'found' : 'NOT FOUND'}: ${name}\n${lines.map((line) => `    ${line}\n`).join('')}`,
    );
    if (!isFound) process.exitCode = 1;
  }
}

function runOne(args: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [...process.execArgv, MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}
