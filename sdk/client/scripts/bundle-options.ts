import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';

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
