import type { System } from './system.ts';
import type { Way } from './way.ts';

/** The image that is run: the newest of Redis 7. */
const IMAGE = 'redis:7';

/** A Docker engine that can run Redis. */
export interface DockerRedis {
  readonly title: string;
  /** The client program. */
  readonly docker: string;
  readonly image: string;
}

/** A container, where a Docker engine answers within a few seconds. The image is fetched when it is not there. */
export function dockerRedis(system: System, say: (line: string) => void): Way<DockerRedis> {
  return {
    what: 'a container',
    async find() {
      const docker = system.find('docker');
      if (docker === null) return { failure: 'there is no docker' };
      const engine = await system.run(docker, ['info', '--format', '{{.OSType}}'], { timeoutMs: 4_000 });
      if (engine.code !== 0) return { failure: 'no Docker engine answers' };
      if (engine.stdout.trim() !== 'linux') return { failure: 'the Docker engine does not run Linux containers' };
      const inspected = await system.run(docker, ['image', 'inspect', '--format', '{{.Id}}', IMAGE]);
      if (inspected.code !== 0) {
        say(`Fetching the image ${IMAGE} …`);
        const pulled = await system.run(docker, ['pull', '--quiet', IMAGE], { timeoutMs: 300_000 });
        if (pulled.code !== 0) return { failure: `the image ${IMAGE} could not be fetched` };
      }
      return { title: `${IMAGE} in a container`, docker, image: IMAGE };
    },
  };
}

/**
 * The arguments of `docker` that run it in the foreground, ended by `docker stop` or by the end of the client. The data
 * lives in a volume: the container's own user could not be given a folder here.
 */
export function dockerArguments({ image }: DockerRedis, name: string, port: number): string[] {
  return [
    ['run', '--rm', '--name', name],
    ['--publish', `127.0.0.1:${port}:6379`],
    ['--volume', `${name}:/data`],
    [image, 'redis-server', '--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''],
    ['--maxmemory-policy', 'noeviction'],
  ].flat();
}
