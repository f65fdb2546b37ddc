import type { DockerRedis } from './docker-redis.ts';
import type { RedisProgram } from './redis-program.ts';
import type { Way } from './way.ts';

/** What was found. */
export type RedisFound =
  | { readonly kind: 'program'; readonly program: RedisProgram }
  | { readonly kind: 'container'; readonly container: DockerRedis }
  /** Nothing, and for each way why. */
  | { readonly kind: 'none'; readonly failures: readonly string[] };

/** The ways to a Redis of our own. */
export interface RedisWays {
  readonly onPath: Way<RedisProgram>;
  readonly container: Way<DockerRedis>;
  readonly package: Way<RedisProgram>;
}

/** Tries the ways in order: what is installed, a container, Debian's package. The first that leads somewhere is taken. */
export async function findRedis({ onPath, container, package: debian }: RedisWays): Promise<RedisFound> {
  const failures: string[] = [];
  const installed = await onPath.find();
  if (!('failure' in installed)) return { kind: 'program', program: installed };
  failures.push(`${onPath.what}: ${installed.failure}`);
  const engine = await container.find();
  if (!('failure' in engine)) return { kind: 'container', container: engine };
  failures.push(`${container.what}: ${engine.failure}`);
  const unpacked = await debian.find();
  if (!('failure' in unpacked)) return { kind: 'program', program: unpacked };
  failures.push(`${debian.what}: ${unpacked.failure}`);
  return { kind: 'none', failures };
}
