import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Pods, type PodsOptions, startPods } from '../integration/im-core/pods.ts';
import { bareEnvironment } from '../support/bare-environment.ts';
import { eventually } from '../support/eventually.ts';

/** The folder of the examples, absolute. */
export const examplesFolder = fileURLToPath(new URL('../../examples', import.meta.url));

/** A program that was started as a reader would start it. */
export interface ExampleProcess {
  readonly stdin: Writable;
  /** Lines of its stdout so far. */
  readonly lines: () => readonly string[];
  readonly stderr: () => string;
  /** Resolves to the first line that matches; rejects with all it said when none comes in time. */
  readonly line: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Ends it as Kubernetes does. */
  readonly terminate: () => void;
  /** Ends it as a power cut does. */
  readonly kill: () => void;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** A real Redis, real shards, and examples beside them. */
export interface ExampleScene extends Pods {
  /** Starts `examples/<path>`, told where the cluster is by the variables that all examples have in common. */
  readonly run: (path: string, environment?: Readonly<Record<string, string>>) => ExampleProcess;
  /** Starts any other program with the same variables. */
  readonly spawn: (
    program: string,
    args: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ) => ExampleProcess;
}

/** Starts it, with two shards unless told otherwise; `close` ends the programs too. */
export async function startExampleScene(options: PodsOptions = {}): Promise<ExampleScene> {
  const pods = await startPods({ count: 2, store: 'redis', ...options });
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-example-'));
  const keysFile = join(folder, 'token-keys.json');
  await writeFile(keysFile, JSON.stringify(pods.tokenKeys));
  const running: ExampleProcess[] = [];
  const shared = {
    ...bareEnvironment(),
    FLOTILLA_REDIS_URL: pods.redis?.url,
    FLOTILLA_CLUSTER: pods.im.cluster,
    FLOTILLA_TOKEN_KEYS_FILE: keysFile,
  };
  const start: ExampleScene['spawn'] = (program, args, environment = {}) => {
    const example = follow(spawn(program, args, { cwd: folder, env: { ...shared, ...environment } }));
    running.push(example);
    return example;
  };
  return {
    ...pods,
    run: (path, environment) =>
      start(process.execPath, ['--conditions=flotilla-source', join(examplesFolder, path)], environment),
    spawn: start,
    async close() {
      for (const { kill } of running) kill();
      await Promise.all(running.map(({ ended }) => ended));
      await pods.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function follow(child: ChildProcessWithoutNullStreams): ExampleProcess {
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  const lines = (): readonly string[] => stdout.split('\n').slice(0, -1);
  return {
    stdin: child.stdin,
    lines,
    stderr: () => stderr,
    line: (pattern) =>
      eventually(() => {
        for (const line of lines()) {
          const match = pattern.exec(line);
          if (match !== null) return match;
        }
        throw new Error(`no line like ${String(pattern)} in ${stdout}${stderr}`);
      }, 30_000),
    terminate: () => void child.kill('SIGTERM'),
    kill: () => void child.kill('SIGKILL'),
    ended: new Promise((resolve) => {
      child.once('error', () => resolve(null));
      child.once('close', (code) => resolve(code));
    }),
  };
}
