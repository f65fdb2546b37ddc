import { build } from 'esbuild';

/** One stylesheet with all it imports. */
export async function bundleStyle(entry: string): Promise<Buffer> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    logLevel: 'silent',
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`nothing came of ${entry}`);
  return Buffer.from(output.contents);
}
