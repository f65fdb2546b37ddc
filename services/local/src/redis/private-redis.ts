import { readFile, realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { replaceFile } from '@flotilla-im/operator/local';
import { findPort, LOOPBACK, type PortProbe } from '../ports.ts';
import { Problem } from '../problem.ts';
import type { Child, ChildEnd, ChildSpec } from '../processes/child.ts';
import { passedOn } from '../processes/node-service.ts';
import { supervise, type Supervised } from '../processes/supervise.ts';
import type { StateFolder } from '../state/state-folder.ts';
import type { AskRedis } from './ask-redis.ts';
import { dockerArguments, type DockerRedis } from './docker-redis.ts';
import type { RedisFound } from './find-redis.ts';
import { redisArguments } from './redis-program.ts';
import { withLifeline } from './shell-lifeline.ts';
import type { System } from './system.ts';

/** A Redis that this launcher runs, and keeps running. */
export interface PrivateRedis {
  readonly url: string;
}

/** What running it needs. */
export interface PrivateRedisDeps {
  readonly state: StateFolder;
  readonly environment: NodeJS.ProcessEnv;
  readonly isPortFree: PortProbe;
  readonly ask: AskRedis;
  readonly system: System;
  readonly start: (spec: ChildSpec) => Child;
  /** Takes it over before it is ready, so that it is stopped also when the start goes no further. */
  readonly keep: (supervised: Supervised) => void;
  readonly onEnd: (end: ChildEnd, retryMs: number | null) => void;
  readonly nowMs: () => number;
}

const READY_WITHIN_MS = 60_000;
/** How often another port is tried where somebody else was quicker. */
const PORT_TRIES = 10;

/** The name of the container and its volume: one for each folder. */
export function containerName(folderId: string): string {
  return `flotilla-local-${folderId}`;
}

/**
 * Starts the Redis of this folder and waits until it answers. A former one that a killed launcher left behind is shut down
 * first: two must not share one data folder.
 *
 * @throws {Problem} when it does not start
 */
export async function startPrivateRedis(
  found: Exclude<RedisFound, { kind: 'none' }>,
  folderId: string,
  firstPort: number,
  deps: PrivateRedisDeps,
): Promise<PrivateRedis> {
  await endFormer(deps);
  if (found.kind === 'container') await endFormerContainer(found.container, containerName(folderId), deps);
  const wish = { first: firstPort, isFixed: false, who: 'Redis', option: '--redis with a Redis of yours' };
  for (let tries = 1; ; tries++) {
    const port = await findPort(wish, deps.isPortFree);
    await replaceFile(deps.state.redis, JSON.stringify({ port }));
    const end = await keepRunning(specOf(found, containerName(folderId), port, deps), port, found.kind, deps);
    if (end === null) return { url: `redis://${LOOPBACK}:${port}` };
    // Between the look at the port and its use somebody else took it: another launcher that starts just now.
    if (tries < PORT_TRIES && !(await deps.isPortFree(port))) continue;
    throw new Problem(
      `Redis ${end} before it was ready; ${deps.state.logOf('redis')} says why. ` +
        `If its data is damaged, removing ${deps.state.shown(deps.state.redisData)} begins anew.`,
    );
  }
}

/** Starts it and keeps it running once it was ready. Returns null then, else how it ended. */
async function keepRunning(
  spec: ChildSpec,
  port: number,
  kind: Exclude<RedisFound, { kind: 'none' }>['kind'],
  deps: PrivateRedisDeps,
): Promise<string | null> {
  let isReady = false;
  let early: ChildEnd | null = null;
  const supervised = supervise({
    start: () => deps.start(spec),
    nowMs: deps.nowMs,
    // One that does not even start once will not start the next time; one that ran is worth starting again.
    isFinal: () => !isReady,
    onEnd(end, retryMs) {
      if (isReady) deps.onEnd(end, retryMs);
      else early = end;
    },
  });
  deps.keep(supervised);
  const end = await untilReady(port, kind, deps, () => early);
  isReady = end === null;
  return end;
}

function specOf(
  found: Exclude<RedisFound, { kind: 'none' }>,
  name: string,
  port: number,
  { state, environment }: PrivateRedisDeps,
): ChildSpec {
  const base = { name: 'redis', cwd: state.path };
  if (found.kind === 'container') {
    const docker = Object.fromEntries(Object.entries(environment).filter(([key]) => key.startsWith('DOCKER_')));
    const env = { ...passedOn(environment), ...docker };
    const args = dockerArguments(found.container, name, port);
    return { ...base, ...withLifeline({ program: found.container.docker, args }, process.platform), env };
  }
  const { path, env } = found.program;
  return {
    ...base,
    ...withLifeline({ program: path, args: redisArguments(port, state.redisData) }, process.platform),
    env: { ...passedOn(environment), ...env },
  };
}

async function endFormer({ state, ask }: PrivateRedisDeps): Promise<void> {
  const port = await formerPort(state.redis);
  if (port === null) return;
  const deps = { state, ask };
  if (!(await isOurs(port, deps))) return;
  await ask(port, 'SHUTDOWN').catch(() => '');
  for (let tries = 0; tries < 100 && (await isOurs(port, deps)); tries++) await sleep(100);
}

/** Whether what answers at a port is the Redis program of this folder. Redis names its folder without symbolic links. */
async function isOurs(port: number, { state, ask }: Pick<PrivateRedisDeps, 'state' | 'ask'>): Promise<boolean> {
  const reply = await ask(port, 'CONFIG GET dir').catch(() => '');
  return reply.split('\r\n').includes(await realpath(state.redisData));
}

/** `docker stop` waits until Redis has written everything; `--rm` then takes the container away, its volume stays. */
async function endFormerContainer({ docker }: DockerRedis, name: string, { system }: PrivateRedisDeps): Promise<void> {
  await system.run(docker, ['stop', name], { timeoutMs: 20_000 });
}

async function formerPort(path: string): Promise<number | null> {
  try {
    const { port } = JSON.parse(await readFile(path, 'utf8')) as { port?: unknown };
    return typeof port === 'number' ? port : null;
  } catch {
    return null;
  }
}

/** Resolves to null when it answers, else to how it ended. */
async function untilReady(
  port: number,
  kind: Exclude<RedisFound, { kind: 'none' }>['kind'],
  deps: PrivateRedisDeps,
  early: () => ChildEnd | null,
): Promise<string | null> {
  const givenUpMs = deps.nowMs() + READY_WITHIN_MS;
  for (;;) {
    const end = early();
    if (end !== null) return end.how;
    if (deps.nowMs() > givenUpMs) return 'does not answer';
    // While it reads its file it answers -LOADING. A container sees a folder of its own, so there the answer must do.
    const answers = (await deps.ask(port, 'PING').catch(() => '')).startsWith('+PONG');
    if (answers && (kind === 'container' || (await isOurs(port, deps)))) return null;
    await sleep(50);
  }
}
