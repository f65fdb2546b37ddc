import { fileURLToPath } from 'node:url';
import { build, type BuildOptions } from 'esbuild';

/** How the client becomes one file for <script type="module">; what is published is built and measured alike. */
export const bundleOptions = {
  absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
  entryPoints: ['src/index.ts'],
  outfile: 'dist/flotilla-client.js',
  bundle: true,
  conditions: ['flotilla-source'],
  format: 'esm',
  minify: true,
  platform: 'browser',
  target: 'es2022',
  sourcemap: true,
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions;

/** The text of that file, from the sources as they are now, without its source map. */
export async function bundleClient(): Promise<string> {
  const { outputFiles } = await build({ ...bundleOptions, write: false, sourcemap: false });
  return outputFiles.map((file) => file.text).join('');
}
