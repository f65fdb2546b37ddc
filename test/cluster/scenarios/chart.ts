import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { TestEnvironment } from '../environment.ts';
import type { Figure } from '../measure/figure.ts';
import { CHART } from '../programs/helm.ts';
import { run } from '../programs/run.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The chart by itself: lint with each of its ci files, the render tests, and each ci file on the real API server. */
export async function playChart({ programs }: TestEnvironment): Promise<Figure[]> {
  const files = (await readdir(`${CHART}/ci`)).sort();
  for (const file of files) await run(programs.helm, ['lint', '--strict', CHART, '-f', `${CHART}/ci/${file}`]);
  return [
    { what: 'ci files that helm lint passes', value: files.length, bound: { atLeast: 1 } },
    ...(await jest('chart', programs)),
    ...(await jest('cluster', programs)),
  ];
}

async function jest(project: string, programs: TestEnvironment['programs']): Promise<Figure[]> {
  const args = [
    'node_modules/jest/bin/jest.js',
    '--selectProjects',
    project,
    '--testTimeout=60000',
    '--maxWorkers=2',
    '--json',
  ];
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', '--conditions=flotilla-source'];
  const env = { HELM: programs.helm, KUBECTL: programs.kubectl };
  const output = await run(process.execPath, [...node, ...args], { cwd: ROOT, env, timeoutMs: 300_000 });
  const { numPassedTests } = JSON.parse(output) as { numPassedTests: number };
  return [{ what: `${project} tests passed`, value: numPassedTests, bound: { atLeast: 1 } }];
}
