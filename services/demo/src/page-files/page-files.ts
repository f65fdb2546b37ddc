import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleScripts } from './bundle-scripts.ts';
import { bundleStyle } from './bundle-style.ts';

/** One file that the page consists of. */
export interface PageFile {
  readonly path: string;
  readonly type: string;
  readonly content: Buffer;
  /** Of its content; changes with it. */
  readonly etag: string;
  /** Whether its path changes with its content, so that nobody need ask for it twice. */
  readonly isImmutable: boolean;
}

/** What parts of the page load when they are first needed: `style/<name>.css`, served as `/<name>.css`. */
const LATE_STYLES = ['calls'] as const;

const folder = fileURLToPath(new URL('../../page', import.meta.url));

/**
 * The page: its script with Flotilla's client in it, its style, and the parts that are loaded when they are first needed,
 * by `import()`. Takes some 50 ms, writes nothing.
 */
export async function buildPage(): Promise<PageFile[]> {
  const path = (name: string): string => join(folder, name);
  const [html, icon, scripts, ...styles] = await Promise.all([
    readFile(path('index.html'), 'utf8'),
    readFile(path('icon.svg')),
    bundleScripts(folder, 'page', 'src/main.ts'),
    ...['page', ...LATE_STYLES].map(async (name) => ({ name, content: await bundleStyle(path(`style/${name}.css`)) })),
  ]);
  const script = 'text/javascript; charset=utf-8';
  return [
    file('/', 'text/html; charset=utf-8', Buffer.from(withPreloads(html, scripts.loadedAtOnce))),
    file('/icon.svg', 'image/svg+xml', icon),
    ...styles.map(({ name, content }) => file(`/${name}.css`, 'text/css; charset=utf-8', content)),
    ...scripts.files.map(({ path: name, content, isHashed }) => file(name, script, content, isHashed)),
  ];
}

/** What the page's script needs at once is asked for along with it, not after it was read. */
function withPreloads(html: string, paths: readonly string[]): string {
  const links = paths.map((path) => `<link rel="modulepreload" href="${path}" />\n    `);
  const before = '<script type="module"';
  if (!html.includes(before)) throw new Error('index.html has no script');
  return html.replace(before, `${links.join('')}${before}`);
}

function file(path: string, type: string, content: Buffer, isImmutable = false): PageFile {
  const etag = `"${createHash('sha256').update(content).digest('base64url')}"`;
  return { path, type, content, etag, isImmutable };
}
