// Makes one file of each program of an image, dependencies included: node scripts/bundle.ts im|operator|demo <folder>
// A bundle needs no node_modules and starts five to ten times as fast as the sources.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { licenseTexts } from './bundle/license-texts.ts';
import { programsOf } from './bundle/programs.ts';
import { requiredBuiltins } from './bundle/required-builtins.ts';
import { withoutFiles } from './bundle/without-files.ts';
import { projectRoot } from './project.ts';

/** What CommonJS packages among the dependencies use and an ES module does not have. */
const requireForBundle = `import { createRequire as flotillaRequire } from 'node:module';
const require = flotillaRequire(import.meta.url);`;

async function bundle(image: string, outdir: string): Promise<void> {
  const { version } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as { version: string };
  const { metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints: programsOf(image),
    outdir,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    conditions: ['flotilla-source'],
    banner: { js: requireForBundle },
    // Not minified: it would start no faster, and a stack trace still names functions.
    legalComments: 'none',
    metafile: true,
    plugins: [withoutFiles, requiredBuiltins],
    logLevel: 'warning',
  });
  const manifest = { name: `flotilla-${image}`, version, private: true, type: 'module' };
  await mkdir(outdir, { recursive: true });
  await writeFile(join(outdir, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(join(outdir, 'LICENSES.txt'), await licenseTexts(Object.keys(metafile.inputs)));
}

const [image, folder] = process.argv.slice(2);
if (image === undefined || folder === undefined) {
  process.stderr.write('Usage: node scripts/bundle.ts im|operator|demo <folder>\n');
  process.exitCode = 1;
} else {
  await bundle(image, resolve(folder));
}
