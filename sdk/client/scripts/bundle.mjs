// Writes dist/flotilla-client.js: the client and its protocol in one file for <script type="module">.
import { build } from 'esbuild';
import { bundleOptions } from './bundle-client.ts';

await build(bundleOptions);
