import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { aptOptions, neededPackages } from './debian-packages.ts';
import { checkProgram } from './redis-on-path.ts';
import type { RedisProgram } from './redis-program.ts';
import type { System } from './system.ts';
import type { Way } from './way.ts';

/** Downloads may be slow; unpacking is not. */
const DOWNLOAD_MS = 180_000;

/**
 * Debian's (or Ubuntu's) package with the libraries it needs and this machine lacks, fetched by apt-get and unpacked into
 * a cache folder. Nothing is installed, nothing needs root, no daemon is started.
 *
 * @param cache - a folder of its own, made here; what is in it already is used
 */
export function debianRedis(system: System, cache: string, say: (line: string) => void): Way<RedisProgram> {
  return {
    what: 'Debian’s package, unpacked into a cache folder',
    async find() {
      const tools = { apt: system.find('apt-get'), dpkg: system.find('dpkg-deb'), aptCache: system.find('apt-cache') };
      const { apt, dpkg, aptCache } = tools;
      if (apt === null || dpkg === null || aptCache === null) return { failure: 'this is no Debian' };
      const unpacked = join(cache, 'root');
      const cached = await programIn(system, unpacked);
      if (!('failure' in cached)) return cached;
      say('Fetching Debian’s Redis package into a cache folder …');
      const failure = await fetchAndUnpack({ system, cache, unpacked, apt, aptCache, dpkg });
      return failure === null ? programIn(system, unpacked) : { failure };
    },
  };
}

interface Job {
  readonly system: System;
  readonly cache: string;
  readonly unpacked: string;
  readonly apt: string;
  readonly aptCache: string;
  readonly dpkg: string;
}

async function fetchAndUnpack(job: Job): Promise<string | null> {
  await mkdir(job.cache, { recursive: true });
  // Two that fetch at the same moment must not meet in one folder.
  const work = await mkdtemp(join(job.cache, 'fetch-'));
  try {
    const [downloads, fresh] = [join(work, 'downloads'), join(work, 'root')];
    await mkdir(downloads);
    // The machine's own package lists first; where they are missing or outdated, lists of our own.
    const failure = (await download(job, downloads, [])) && (await downloadByOwnLists(job, work, downloads));
    return failure ?? (await unpack(job, downloads, fresh));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function unpack(job: Job, downloads: string, fresh: string): Promise<string | null> {
  for (const name of await readdir(downloads)) {
    if (!name.endsWith('.deb')) continue;
    const { code } = await job.system.run(job.dpkg, ['--extract', join(downloads, name), fresh], { timeoutMs: 60_000 });
    if (code !== 0) return `${name} could not be unpacked`;
  }
  await rm(job.unpacked, { recursive: true, force: true });
  await rename(fresh, job.unpacked);
  return null;
}

async function downloadByOwnLists(job: Job, work: string, downloads: string): Promise<string | null> {
  const options = aptOptions(join(work, 'apt'));
  await mkdir(join(work, 'apt', 'lists', 'partial'), { recursive: true });
  await mkdir(join(work, 'apt', 'cache', 'archives', 'partial'), { recursive: true });
  // One source of several may fail without harm: what counts is whether the package can be had then.
  await job.system.run(job.apt, [...options, 'update'], { timeoutMs: DOWNLOAD_MS });
  return download(job, downloads, options);
}

async function download(job: Job, downloads: string, options: readonly string[]): Promise<string | null> {
  const packages = await neededPackages(job.system, job.aptCache, options);
  if (packages === null) return 'apt-get knows no Redis package';
  const { code } = await job.system.run(job.apt, [...options, 'download', ...packages], {
    cwd: downloads,
    timeoutMs: DOWNLOAD_MS,
  });
  return code === 0 ? null : 'apt-get could not download the package (no network?)';
}

async function programIn(system: System, root: string): Promise<RedisProgram | { readonly failure: string }> {
  const libraries = await libraryFolders(root);
  const env = libraries.length === 0 ? {} : { LD_LIBRARY_PATH: libraries.join(':') };
  const found = await checkProgram(system, join(root, 'usr/bin/redis-server'), env);
  return 'failure' in found ? found : { ...found, title: `${found.title}, Debian’s package in a cache folder` };
}

async function libraryFolders(root: string): Promise<string[]> {
  const folders = [join(root, 'usr/lib'), join(root, 'lib')];
  const entries = await Promise.all(
    folders.map((folder) =>
      readdir(folder, { withFileTypes: true })
        .catch(() => [])
        .then((found) =>
          found
            .filter((entry) => entry.isDirectory() && entry.name.includes('-linux-'))
            .map(({ name }) => join(folder, name)),
        ),
    ),
  );
  return entries.flat();
}
