import { createHash } from 'node:crypto';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Closers } from './closers.ts';
import { answersAt } from './control/control-client.ts';
import { helpText } from './help.ts';
import { createLaunchClosers, launch } from './launch.ts';
import type { Launched } from './launched.ts';
import type { LauncherDeps } from './launcher-deps.ts';
import { type LocalOptions, parseOptions } from './options.ts';
import { isPortFree } from './ports.ts';
import { Problem } from './problem.ts';
import { isProcessAlive } from './processes/is-process-alive.ts';
import { createLogFiles } from './processes/log-files.ts';
import { askRedis } from './redis/ask-redis.ts';
import { createSystem } from './redis/system.ts';
import { createProgress } from './screen/progress.ts';
import { renderScreen } from './screen/screen.ts';
import { makeStateFolder, stateFolder } from './state/state-folder.ts';

/** `npm start`, from its arguments to the last thing stopped. */
async function run(args: readonly string[]): Promise<void> {
  const options = parseOptions(args);
  if (options.isHelp) {
    process.stdout.write(helpText());
    return;
  }
  const deps = await createDeps(options);
  const closers = createLaunchClosers();
  const told = stopWhenTold(closers, deps.say);
  try {
    const launching = launch(options, deps, closers);
    // A launch that is under way is left to itself: what it still starts is stopped as soon as it is there.
    launching.catch(() => {});
    const launched = await Promise.race([launching, told.stopped]);
    if (launched === undefined) return;
    await present(launched, options, deps);
    await told.stopped;
  } catch (error) {
    // What fails because it is being stopped is no failure.
    if (!told.isStopping()) throw error;
  } finally {
    await closers.stop();
    await deps.logs.close();
    if (told.isStopping()) deps.say('Stopped.');
  }
}

async function createDeps({ isJson }: LocalOptions): Promise<LauncherDeps> {
  const root = new URL('../../../', import.meta.url);
  const path = fileURLToPath(root);
  const stream = isJson ? process.stderr : process.stdout;
  const say = (line: string): void => void stream.write(`${clock()}  ${line}\n`);
  const state = stateFolder(path, process.env['FLOTILLA_LOCAL_STATE']);
  await makeStateFolder(state);
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return {
    root,
    state,
    say,
    environment: process.env,
    system: createSystem(process.env, process.platform),
    ask: askRedis,
    isPortFree,
    logs: createLogFiles(state.logs),
    cacheFolder: join(cache, 'flotilla', 'redis'),
    folderId: createHash('sha256').update(`${hostname()}\0${state.path}`).digest('hex').slice(0, 8),
    progress: createProgress(say, () => performance.now()),
    nowMs: () => performance.now(),
    pid: process.pid,
    isAlive: isProcessAlive,
    answers: answersAt,
  };
}

/** Time of day, for lines of a terminal. */
function clock(): string {
  return new Date().toTimeString().slice(0, 8);
}

interface Told {
  readonly isStopping: () => boolean;
  /** Resolves when somebody asked for the end. */
  readonly stopped: Promise<undefined>;
}

/** A signal that comes again so soon is the same one: a terminal sends it to the whole group, and npm passes it on as well. */
const SAME_SIGNAL_MS = 500;

/** The first Ctrl-C (or SIGTERM, or the terminal's end) stops everything in order, the second one at once. */
function stopWhenTold(closers: Closers, say: (line: string) => void): Told {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let firstAtMs: number | null = null;
  const stop = (): void => {
    const nowMs = performance.now();
    if (firstAtMs !== null && nowMs - firstAtMs < SAME_SIGNAL_MS) return;
    if (firstAtMs === null) {
      firstAtMs = nowMs;
      say('Stopping; Ctrl-C again stops at once …');
      void closers.stop();
      resolve(undefined);
      return;
    }
    closers.kill();
    process.exit(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return { isStopping: () => firstAtMs !== null, stopped: promise };
}

async function present(launched: Launched, { isJson }: LocalOptions, { say }: LauncherDeps): Promise<void> {
  if (isJson) {
    process.stdout.write(`${JSON.stringify(await launched.facts())}\n`);
    return;
  }
  const isInteractive = process.stdin.isTTY;
  const show = async (): Promise<void> => {
    process.stdout.write(`${renderScreen(await launched.screen(isInteractive))}\n`);
  };
  await show();
  if (!isInteractive) return;
  const lines = createInterface({ input: process.stdin });
  lines.on('line', () => void show().catch((error: unknown) => say(String(error))));
  process.stdin.unref();
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  const text = error instanceof Problem ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text ?? ''}\n`);
  process.exitCode = 1;
}
// Whatever still holds the process open must not outlive what it was for.
setTimeout(() => process.exit(), 1_000).unref();
