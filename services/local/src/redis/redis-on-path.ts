import { parseRedisVersion, type RedisProgram } from './redis-program.ts';
import type { System } from './system.ts';
import type { Way } from './way.ts';

/** A server that is installed: `redis-server` or `valkey-server` on the PATH. */
export function redisOnPath(system: System): Way<RedisProgram> {
  return {
    what: 'redis-server or valkey-server on the PATH',
    async find() {
      const failures: string[] = [];
      for (const name of ['redis-server', 'valkey-server']) {
        const path = system.find(name);
        if (path === null) continue;
        const found = await checkProgram(system, path, {});
        if ('failure' in found) failures.push(found.failure);
        else return { ...found, title: `${found.title}, from the PATH` };
      }
      return { failure: failures.length > 0 ? failures.join('; ') : 'there is none' };
    },
  };
}

/** Asks a program for its version: whether it starts here at all, and is new enough. */
export async function checkProgram(
  system: System,
  path: string,
  env: Readonly<Record<string, string>>,
): Promise<RedisProgram | { readonly failure: string }> {
  const { code, stdout, stderr } = await system.run(path, ['--version'], { env });
  const version = parseRedisVersion(stdout);
  if (code !== 0 || version === null) return { failure: `${path} does not start (${firstLine(stderr)})` };
  if (!version.isNewEnough) return { failure: `${path} is ${version.product} ${version.version}, and 7 is needed` };
  return { title: `${version.product} ${version.version}`, path, env };
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
