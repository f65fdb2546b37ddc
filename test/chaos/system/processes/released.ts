import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programsOf } from '../../../../scripts/bundle/programs.ts';
import { projectRoot } from '../../../../scripts/project.ts';

/** A program as its image has it. */
export interface Released {
  /** Those of Node and V8 that the image starts it with. */
  readonly flags: readonly string[];
  /** The bundle, beside it what V8 made of it in a rehearsal. */
  readonly file: string;
}

/** Programs by the source they begin with: `operator/src/main.ts`. */
export type Releases = ReadonlyMap<string, Released>;

const DOCKERFILES = { im: 'services/im/Dockerfile', operator: 'operator/Dockerfile' };
const run = promisify(execFile);

/** Builds what a system runs as the images are built; takes some seconds. @param folder - made where it is not there */
export async function buildReleases(folder: string): Promise<Releases> {
  const images = Object.entries(DOCKERFILES);
  return new Map(
    await Promise.all(
      images.map(async ([image, dockerfile]): Promise<[string, Released]> => {
        const [flags, outdir] = [await flagsOf(dockerfile), join(folder, image)];
        const node = (...args: string[]): Promise<unknown> => run(process.execPath, args, { cwd: projectRoot });
        await node('--conditions=flotilla-source', 'scripts/bundle.ts', image, outdir);
        const file = join(outdir, 'main.js');
        await node(...flags, 'scripts/bundle/keep-code.mjs', file);
        return [programsOf(image)['main'] ?? '', { flags, file }];
      }),
    ),
  );
}

/** What stands in an image's last CMD before the program. */
async function flagsOf(dockerfile: string): Promise<string[]> {
  const text = await readFile(join(projectRoot, dockerfile), 'utf8');
  const words = JSON.parse([...text.matchAll(/^CMD (\[.*\])$/gmu)].at(-1)?.[1] ?? '[]') as string[];
  if (words.at(-1) !== '/app/main.js') throw new Error(`${dockerfile} does not end with a start of /app/main.js.`);
  return words.slice(0, -1);
}
