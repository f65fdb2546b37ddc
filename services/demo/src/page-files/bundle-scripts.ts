import { relative, sep } from 'node:path';
import { build, type BuildResult } from 'esbuild';

/** One script of the page. */
export interface BundledScript {
  /** Where it is served. */
  readonly path: string;
  readonly content: Buffer;
  /** Whether its name holds a hash of its content. */
  readonly isHashed: boolean;
}

/** The page's script and its parts. */
export interface BundledScripts {
  readonly files: readonly BundledScript[];
  /** Paths of what the first one imports, and what those import, without which it does not begin. */
  readonly loadedAtOnce: readonly string[];
}

const CHUNKS = 'chunks';

/**
 * The entry becomes `/<name>.js`; what is imported by `import()`, and what that shares with others, `/chunks/…-<hash>.js`.
 *
 * @param folder - of the page, without a slash at its end
 * @param entry - in that folder
 */
export async function bundleScripts(folder: string, name: string, entry: string): Promise<BundledScripts> {
  const result = await build({
    entryPoints: { [name]: entry },
    absWorkingDir: folder,
    // Nothing is written: paths only.
    outdir: folder,
    chunkNames: `${CHUNKS}/[name]-[hash]`,
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    // The client's sources where they are at hand, what was published elsewhere.
    conditions: ['flotilla-source'],
    logLevel: 'silent',
  });
  const files = result.outputFiles.map(({ path, contents }) => {
    const served = `/${relative(folder, path).replaceAll(sep, '/')}`;
    return { path: served, content: Buffer.from(contents), isHashed: served.startsWith(`/${CHUNKS}/`) };
  });
  return { files, loadedAtOnce: importsOf(`${name}.js`, result.metafile).map((path) => `/${path}`) };
}

type Metafile = BuildResult<{ metafile: true }>['metafile'];

/** By `import` statements, directly or by way of another one; each once. */
function importsOf(output: string, { outputs }: Metafile): string[] {
  const found = new Set<string>();
  const follow = (path: string): void => {
    for (const { path: imported, kind } of outputs[path]?.imports ?? []) {
      if (kind !== 'import-statement' || found.has(imported)) continue;
      found.add(imported);
      follow(imported);
    }
  };
  follow(output);
  return [...found];
}
