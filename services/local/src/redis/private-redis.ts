import { readFile } from 'node:fs/promises';
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
  const port = await findPort(wish, deps.isPortFree);
  await replaceFile(deps.state.redis, JSON.stringify({ port }));
  const spec = specOf(found, containerName(folderId), port, deps);
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
  await untilReady(port, deps, () => early);
  isReady = true;
  return { url: `redis://${LOOPBACK}:${port}` };
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
  const isOurs = async (): Promise<boolean> => {
    const reply = await ask(port, 'CONFIG GET dir').catch(() => '');
    return reply.split('\r\n').includes(state.redisData);
  };
  if (!(await isOurs())) return;
  await ask(port, 'SHUTDOWN').catch(() => '');
  for (let tries = 0; tries < 100 && (await isOurs()); tries++) await sleep(100);
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

async function untilReady(port: number, deps: PrivateRedisDeps, early: () => ChildEnd | null): Promise<void> {
  const givenUpMs = deps.nowMs() + READY_WITHIN_MS;
  for (;;) {
    const end = early();
    if (end !== null || deps.nowMs() > givenUpMs) {
      const what = end === null ? 'does not answer' : end.how;
      throw new Problem(
        `Redis ${what} before it was ready; ${deps.state.logOf('redis')} says why. ` +
          `If its data is damaged, removing ${deps.state.shown(deps.state.redisData)} begins anew.`,
      );
    }
    // While it reads its file it answers -LOADING.
    if ((await deps.ask(port, 'PING').catch(() => '')).startsWith('+PONG')) return;
    await sleep(50);
  }
}
