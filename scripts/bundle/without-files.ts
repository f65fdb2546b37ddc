import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import { projectRoot } from '../project.ts';

/** Modules that read files beside them when run from sources, each with what stands in for it in a bundle. */
const standIns: Readonly<Record<string, () => Promise<string>>> = {
  'sdk/store/src/lua-source.ts': scripts,
  'services/im/src/pod/version.ts': version,
  'services/demo/src/page-files/page-files.ts': page,
};

/** Puts what such modules would read into the bundle, so that a program is one file and reads none of its own. */
export const withoutFiles: Plugin = {
  name: 'without-files',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const write = standIns[relative(projectRoot, path).replaceAll(sep, '/')];
      return write === undefined ? undefined : { contents: await write(), loader: 'js' };
    });
  },
};

async function scripts(): Promise<string> {
  const folder = join(projectRoot, 'sdk/store/src/lua');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.lua')).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const sources = Object.fromEntries(files.map((file, at) => [file.slice(0, -'.lua'.length), texts[at]]));
  return `const sources = ${JSON.stringify(sources)};
export function luaSource(name) {
  if (!Object.hasOwn(sources, name)) throw new Error('there is no script named ' + name);
  return sources[name];
}`;
}

async function version(): Promise<string> {
  const manifest = JSON.parse(await readFile(join(projectRoot, 'services/im/package.json'), 'utf8')) as {
    version: string;
  };
  return `export const ownVersion = () => ${JSON.stringify(manifest.version)};`;
}

/** The page as the demo would build it when it starts. */
async function page(): Promise<string> {
  const source = pathToFileURL(join(projectRoot, 'services/demo/src/page-files/page-files.ts')).href;
  const { buildPage } = (await import(source)) as {
    readonly buildPage: () => Promise<readonly { readonly content: Buffer }[]>;
  };
  const files = (await buildPage()).map((file) => ({ ...file, content: file.content.toString('utf8') }));
  return `const files = ${JSON.stringify(files)};
export async function buildPage() {
  return files.map((file) => ({ ...file, content: Buffer.from(file.content) }));
}`;
}
