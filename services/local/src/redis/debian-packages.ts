import { join } from 'node:path';
import type { System } from './system.ts';

/** The packages that hold Redis itself: one has the program, the other its name. */
const REDIS_PACKAGES = ['redis-server', 'redis-tools'];

const ONLY_NEEDED = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map(
  (kind) => `--no-${kind}`,
);

/** Libraries whose own libraries are missing too; three rounds are more than any release needs. */
const ROUNDS = 4;

/**
 * What has to be downloaded: Redis, and the libraries it needs that are not installed here. Null when apt knows no Redis.
 *
 * @param options - for apt: which package lists it reads
 */
export async function neededPackages(
  system: System,
  aptCache: string,
  options: readonly string[],
): Promise<string[] | null> {
  const needed = new Set(REDIS_PACKAGES);
  let fresh = [...needed];
  for (let round = 0; round < ROUNDS && fresh.length > 0; round++) {
    const { code, stdout } = await system.run(aptCache, [...options, 'depends', ...ONLY_NEEDED, ...fresh]);
    if (code !== 0) return null;
    const libraries = parseDepends(stdout).filter((name) => isLibrary(name) && !needed.has(name));
    fresh = await withoutInstalled(system, libraries);
    for (const name of fresh) needed.add(name);
  }
  return [...needed];
}

/** The names that `apt-cache depends` says are needed; of alternatives (`|Depends:`) the first. */
export function parseDepends(text: string): string[] {
  const names = new Set<string>();
  let isFurtherChoice = false;
  for (const line of text.split('\n')) {
    const found = /^ ([ |])(?:Pre)?Depends: ([^<\s]\S*)/u.exec(line);
    if (found === null) continue;
    const [, choice, name = ''] = found;
    if (!isFurtherChoice) names.add(name);
    isFurtherChoice = choice === '|';
  }
  return [...names];
}

/** The C library itself has to be the machine's own; everything else that matters is named like a library. */
function isLibrary(name: string): boolean {
  return /^(lib|lua)/u.test(name) && !/^(libc6|libc-bin|libcrypt1|libgcc-s1)$/u.test(name);
}

async function withoutInstalled(system: System, names: readonly string[]): Promise<string[]> {
  const query = system.find('dpkg-query');
  if (query === null || names.length === 0) return [...names];
  const { stdout } = await system.run(query, [
    '--show',
    '--showformat=${binary:Package} ${db:Status-Status}\\n',
    ...names,
  ]);
  const installed = stdout.split('\n').filter((line) => line.endsWith(' installed'));
  const isInstalled = new Set(installed.map((line) => line.split(/[: ]/u)[0]));
  return names.filter((name) => !isInstalled.has(name));
}

/** Lets apt keep package lists of its own in a folder, as any user may: the machine's lists are not touched. */
export function aptOptions(folder: string): string[] {
  return [
    `Dir::State::Lists=${join(folder, 'lists')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
    'Debug::NoLocking=1',
    'APT::Update::Post-Invoke::=',
    'Acquire::Languages=none',
  ].flatMap((option) => ['-o', option]);
}
