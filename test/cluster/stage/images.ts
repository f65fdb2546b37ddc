import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestEnvironment } from '../environment.ts';
import { run } from '../programs/run.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const BUILD_TIMEOUT_MS = 600_000;

/** Released images by the folder of their Dockerfile. */
const RELEASED: Readonly<Record<string, string>> = {
  im: 'services/im',
  operator: 'operator',
  demo: 'services/demo',
};

const REDIS = 'redis:7';

/** Tags of the images that the tests use. */
export interface Images {
  /** Of these sources. */
  readonly tag: string;
  /** Of a version with the next schema of the shard map, which readers of this one still understand. */
  readonly nextTag: string;
  /** The load: a name with registry and tag. */
  readonly load: string;
}

/** Builds and pushes what the tests use, unless the environment names what is there already. */
export async function prepareImages(env: TestEnvironment, say: (text: string) => void): Promise<Images> {
  const tag = env.tag ?? `test-${Date.now().toString(36)}`;
  const images = { tag, nextTag: `${tag}-next`, load: `${env.registry}/flotilla/load:${tag}` };
  if (env.tag !== null) return images;
  await buildReleased(env, ROOT, tag, Object.keys(RELEASED), say);
  await buildNext(env, images.nextTag, say);
  await pushRedis(env, say);
  say('building the image of the load');
  await buildLoad(env, images.load);
  say(`FLOTILLA_TEST_TAG=${tag} takes these images again`);
  return images;
}

async function buildReleased(
  env: TestEnvironment,
  folder: string,
  tag: string,
  names: readonly string[],
  say: (text: string) => void,
): Promise<void> {
  for (const name of names) {
    say(`building flotilla/${name}:${tag}`);
    const dockerfile = RELEASED[name] ?? name;
    await buildAndPush(env, `${env.registry}/flotilla/${name}:${tag}`, `${folder}/${dockerfile}/Dockerfile`, folder);
  }
}

/** What the next version changes in the sources, for as long as there is no earlier release to upgrade from. */
const NEXT_VERSION: readonly { readonly file: string; readonly from: string; readonly to: string }[] = [
  { file: 'sdk/protocol/src/shard-map.ts', from: 'MAP_SCHEMA = 1', to: 'MAP_SCHEMA = 2' },
  { file: 'operator/src/plan/plan-map.ts', from: 'compatible: MAP_SCHEMA', to: 'compatible: MAP_SCHEMA - 1' },
];

async function buildNext(env: TestEnvironment, tag: string, say: (text: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-next-'));
  try {
    const isSource = (path: string): boolean => !/\/(node_modules|dist|\.git)(\/|$)/.test(path.slice(ROOT.length - 1));
    await cp(ROOT, folder, { recursive: true, filter: isSource });
    for (const { file, from, to } of NEXT_VERSION) {
      const text = await readFile(join(folder, file), 'utf8');
      if (!text.includes(from)) throw new Error(`${file} does not say "${from}" any more: there is no next version`);
      await writeFile(join(folder, file), text.replace(from, to));
    }
    // What plays on while the version changes has no demo.
    await buildReleased(env, folder, tag, ['im', 'operator'], say);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function buildLoad(env: TestEnvironment, image: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-load-'));
  try {
    await run(process.execPath, [...process.execArgv, 'scripts/bundle.ts', 'load', folder], { cwd: ROOT });
    await buildAndPush(env, image, `${ROOT}test/cluster/load/Dockerfile`, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The chart takes every image from one registry when it is told of one; this one is nobody's release. */
async function pushRedis({ registry, programs: { docker } }: TestEnvironment, say: (text: string) => void) {
  say(`pushing ${REDIS}`);
  await run(docker, ['image', 'inspect', REDIS]).catch(() => run(docker, ['pull', REDIS]));
  await run(docker, ['tag', REDIS, `${registry}/${REDIS}`]);
  await run(docker, ['push', `${registry}/${REDIS}`]);
}

async function buildAndPush(env: TestEnvironment, image: string, dockerfile: string, folder: string): Promise<void> {
  const { docker } = env.programs;
  await run(docker, ['build', '-t', image, '-f', dockerfile, folder], { timeoutMs: BUILD_TIMEOUT_MS });
  await run(docker, ['push', image], { timeoutMs: BUILD_TIMEOUT_MS });
}
