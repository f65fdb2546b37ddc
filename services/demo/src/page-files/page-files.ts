import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** One file that the page consists of. */
export interface PageFile {
  readonly path: string;
  readonly type: string;
  readonly content: Buffer;
}

const folder = new URL('../../page/', import.meta.url);

/** The page with its script made of `page/src`, Flotilla's client included. Takes some 50 ms. */
export async function buildPage(): Promise<PageFile[]> {
  const [html, style, icon, script] = await Promise.all([
    readFile(new URL('index.html', folder)),
    readFile(new URL('style.css', folder)),
    readFile(new URL('icon.svg', folder)),
    bundle(),
  ]);
  return [
    { path: '/', type: 'text/html; charset=utf-8', content: html },
    { path: '/style.css', type: 'text/css; charset=utf-8', content: style },
    { path: '/icon.svg', type: 'image/svg+xml', content: icon },
    { path: '/page.js', type: 'text/javascript; charset=utf-8', content: script },
  ];
}

async function bundle(): Promise<Buffer> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('src/main.ts', folder))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    // The sources where they are at hand, what is published elsewhere.
    conditions: ['flotilla-source'],
    logLevel: 'silent',
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error('the page has no script');
  return Buffer.from(script.contents);
}
