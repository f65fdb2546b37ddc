// Writes dist/flotilla-client.js: the client and its protocol in one file for <script type="module">.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

await build({
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
});
