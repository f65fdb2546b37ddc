// npm test: everything that is checked, or the parts named. `npm test -- unit|static|simulation|packages|chart|integration|browser [pattern]`.
import { join } from 'node:path';
import { checkStep } from './check-step.ts';
import { chromiumTool, ensureTools, redisTool, type Tool, type ToolsFound } from './ensure-tools.ts';
import { findProgram } from './find-program.ts';
import { jestStep, type JestProject } from './jest-step.ts';
import { projectRoot } from './project.ts';
import { parseTestArguments, type TestArguments, type TestPart } from './test-arguments.ts';
import { leftOut, runLane, type Step, type StepResult } from './test-step.ts';

const print = (text: string): void => void process.stdout.write(text);

/** The outside programs that a part's tests run. */
const toolsOf: Partial<Record<TestPart, readonly Tool[]>> = {
  packages: [redisTool],
  integration: [redisTool],
  browser: [redisTool, chromiumTool],
};

/** Where integration tests find the operator's program, made anew for each run: they start it some fifty times. */
const operatorFolder = join(projectRoot, 'node_modules/.cache/operator');

/**
 * The whole run: lanes of a group run at the same time, groups one after the other. What needs the processor alone, to
 * tell true from false by a clock, comes after what only needs its answer.
 */
function plan({ parts, patterns }: TestArguments, tools: ToolsFound): Step[][][] {
  const on = (part: TestPart, ...steps: Step[]): Step[] => (parts.includes(part) ? steps : []);
  const jest = (name: TestPart, settings: Pick<JestProject, 'timeoutMs' | 'workers' | 'live'>): Step => {
    const lacksTools = tools.problem !== undefined && toolsOf[name] !== undefined;
    if (lacksTools) return impossible(`${name} tests`, tools.problem);
    const env = { ...tools.env, OPERATOR_PROGRAM: join(operatorFolder, 'main.js') };
    return jestStep({ name, patterns, env, ...settings });
  };
  return [
    [
      [
        ...on('static', checkStep('types and eslint', 'scripts/check-code.ts')),
        ...on('simulation', simulation(1 + SCHEDULES)),
        ...on('chart', hasHelm() ? jest('chart', { timeoutMs: 60_000, workers: 1 }) : leftOut('chart tests', noHelm)),
      ],
      [
        ...on('unit', jest('unit', { timeoutMs: 20_000, workers: 1 })),
        ...on('simulation', simulation(1)),
        ...on(
          'packages',
          checkStep('build', 'scripts/build.ts'),
          checkStep('packages', 'scripts/check-packages.ts'),
          jest('packages', { timeoutMs: 120_000, workers: 1 }),
        ),
        ...on(
          'static',
          checkStep('format', 'node_modules/oxfmt/bin/oxfmt', ['--check', '.']),
          checkStep('documents', 'scripts/docs.ts', ['--check']),
          checkStep('knip', 'node_modules/knip/bin/knip.js', ['--no-config-hints']),
        ),
      ],
    ],
    [
      on(
        'integration',
        checkStep('program of the operator', 'scripts/bundle.ts', ['operator', operatorFolder]),
        jest('integration', { timeoutMs: 120_000, workers: 6, live: true }),
      ),
    ],
    [on('browser', jest('browser', { timeoutMs: 120_000, workers: 2, live: true }))],
  ];
}

/** Distributions do not have Helm, so it is not asked for: who changes the chart has it, and the cluster tests need it. */
function hasHelm(): boolean {
  return findProgram(process.env['HELM'], ['helm']) !== undefined;
}

const noHelm = 'there is no helm on the PATH, and HELM names none';

/** So many of each lane, the first of many; `npm run simulation -- --seconds 3600 --seed <n>` is a night's. */
const SCHEDULES = 1_000;

function simulation(first: number): Step {
  const last = first + SCHEDULES - 1;
  const args = ['--seed', String(first), '--schedules', String(SCHEDULES)];
  return checkStep(`simulation, seeds ${first} to ${last}`, 'test/simulation/main.ts', args);
}

function impossible(title: string, problem: string): Step {
  return { title, run: () => Promise.resolve({ passed: 0, failed: 1, details: `${problem}\n` }) };
}

async function main(): Promise<void> {
  const given = parseTestArguments(process.argv.slice(2));
  if ('usage' in given) {
    process.stderr.write(`${given.usage}\n`);
    process.exitCode = 1;
    return;
  }
  const tools = await ensureTools([...new Set(given.parts.flatMap((part) => toolsOf[part] ?? []))]);
  const results: StepResult[] = [];
  for (const lanes of plan(given, tools)) {
    const finished = await Promise.all(lanes.map((steps) => runLane(steps, print)));
    results.push(...finished.flat());
  }
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  if (passed + failed === 0) print('Nothing ran: no test matches.\n');
  print(`${passed} passed, ${failed} failed\n`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

await main();
