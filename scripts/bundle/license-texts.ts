import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../project.ts';

/**
 * The licenses of all packages whose files went into a bundle, as most of them ask of whoever passes them on.
 *
 * @param inputs - paths from the project's folder
 */
export async function licenseTexts(inputs: readonly string[]): Promise<string> {
  const folders = [...new Set(inputs.flatMap((input) => packageFolder(input) ?? []))].sort();
  const own = await readFile(join(projectRoot, 'LICENSE'), 'utf8');
  const texts = await Promise.all(folders.map(licenseText));
  return [`Flotilla\n\n${own}`, ...texts].join(`\n${'-'.repeat(80)}\n\n`);
}

/** The innermost `node_modules/name` or `node_modules/@scope/name` of a path. */
function packageFolder(input: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/u.exec(input)?.[0];
}

async function licenseText(folder: string): Promise<string> {
  const path = join(projectRoot, folder);
  const manifest = JSON.parse(await readFile(join(path, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const files = (await readdir(path)).filter((file) => /^(licen[cs]e|notice|copying)/iu.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(path, file), 'utf8')));
  return `${manifest.name} ${manifest.version} (${manifest.license ?? 'license not named'})\n\n${texts.join('\n')}`;
}
