import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Verdict } from '../observer/verdict.ts';
import { type ReportAssets, renderReport } from './report.ts';
import type { RunDescription } from './run-description.ts';

const page = join(import.meta.dirname, 'page');

/** The page's script and style with the chart library in them, from the sources and from what is installed. */
export async function bundleAssets(): Promise<ReportAssets> {
  const { outputFiles } = await build({
    entryPoints: [join(page, 'main.ts'), join(page, 'style.css')],
    outdir: page,
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'inline',
  });
  const text = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return {
    script: text('.js').replaceAll('</script', String.raw`<\/script`),
    style: text('.css').replaceAll('</style', String.raw`<\/style`),
  };
}

/** Writes the report of a run to a file. */
export async function writeReport(file: string, run: RunDescription, verdict: Verdict): Promise<void> {
  await writeFile(file, renderReport(run, verdict, await bundleAssets()));
}
