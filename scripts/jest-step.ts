import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './project.ts';
import { runCommand, type Outcome } from './run-command.ts';
import type { Step, StepResult } from './test-step.ts';

/** What {@link jestStep} needs to know of a jest project. */
export interface JestProject {
  /** Its display name in jest.config.js. */
  readonly name: string;
  /** How long one test may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How many test files run at once. */
  readonly workers: number;
  /** Whether jest writes to the terminal as it goes, for tests that take long; default false. */
  readonly live?: boolean;
  /** Only files whose path matches one of these regular expressions; all when empty. */
  readonly patterns: readonly string[];
  /** Added to the tests' environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** The part of jest's JSON report that is counted. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** A step that runs one jest project and counts its tests; a test file that cannot run counts as one failure. */
export function jestStep(project: JestProject): Step {
  return {
    title: `${project.name} tests`,
    run: async () => {
      const reportFile = join(projectRoot, 'node_modules/.cache', `jest-${project.name}-${process.pid}.json`);
      await mkdir(join(projectRoot, 'node_modules/.cache'), { recursive: true });
      const outcome = await runJest(project, reportFile);
      const report = await readReport(reportFile);
      await rm(reportFile, { force: true });
      return count(outcome, report);
    },
  };
}

function runJest(project: JestProject, reportFile: string): Promise<Outcome> {
  const args = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    '--conditions=flotilla-source',
    'node_modules/jest/bin/jest.js',
    '--selectProjects',
    project.name,
    '--passWithNoTests',
    `--testTimeout=${project.timeoutMs}`,
    `--maxWorkers=${project.workers}`,
    '--json',
    `--outputFile=${reportFile}`,
    ...(project.patterns.length > 0 ? ['--testPathPatterns', ...project.patterns] : []),
  ];
  return runCommand(process.execPath, args, {
    cwd: projectRoot,
    env: project.env,
    live: project.live === true,
  });
}

async function readReport(file: string): Promise<Report | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}

/** Without a report, jest itself did not get through, or there was no test to run: its exit code tells which. */
function count({ code, output }: Outcome, report: Report | undefined): StepResult {
  const passed = report?.numPassedTests ?? 0;
  const failed = (report?.numFailedTests ?? 0) + (report?.numRuntimeErrorTestSuites ?? 0);
  // Jest also ends with an error when all tests passed but it could not close down; that is a failure as well.
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, details: output };
}
