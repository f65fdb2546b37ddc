// Makes one file of each program of an image, dependencies included: node scripts/bundle.ts im|operator|demo <folder>
// A bundle needs no node_modules and starts five to ten times as fast as the sources.
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { licenseTexts } from './bundle/license-texts.ts';
import { programsOf } from './bundle/programs.ts';
import { requiredBuiltins } from './bundle/required-builtins.ts';
import { withoutFiles } from './bundle/without-files.ts';
import { projectRoot } from './project.ts';

/** A program is one strict function that may await, so that V8's code of it can be kept; launch.cjs calls it. */
const asFunction = {
  banner: { js: '(async (require) => { "use strict";' },
  footer: { js: '})' },
};

async function bundle(image: string, outdir: string): Promise<void> {
  const { version } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as { version: string };
  const entryPoints = programsOf(image);
  const { metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints,
    outdir: join(outdir, 'programs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    conditions: ['flotilla-source'],
    ...asFunction,
    // So that launch.cjs may read it byte by byte.
    charset: 'ascii',
    // Not minified: it would start no faster, and a stack trace still names functions.
    legalComments: 'none',
    metafile: true,
    plugins: [withoutFiles, requiredBuiltins],
    logLevel: 'warning',
  });
  const manifest = { name: `flotilla-${image}`, version, private: true, type: 'commonjs' };
  const launcher = join(projectRoot, 'scripts/bundle/launch.cjs');
  for (const name of Object.keys(entryPoints)) await copyFile(launcher, join(outdir, `${name}.js`));
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
