// Draws the pictures of the documentation, anew each time: everything that `npm start` starts, on ports of its own, and people
// who talk in a real browser.
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { launchBrowser } from '../test/browser/launch-browser.ts';
import { play } from '../test/browser/screenshots/scenes.ts';
import { launch } from '../test/support/launch.ts';
import { chromiumTool, ensureTools, redisTool } from './ensure-tools.ts';
import { projectRoot } from './project.ts';

const folder = join(projectRoot, 'docs', 'screenshots');
/** More would be loaded slowly by who reads. */
const MOST_BYTES = 150_000;

/** A port that is free now; those after it are very likely so. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Draws them all; tells whether each is small enough. */
async function draw(): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  const cluster = await launch(await freePort(), ['--shards', '2']);
  let areSmall = true;
  try {
    const browser = await launchBrowser();
    try {
      for await (const { name, png } of play({ browser, line: cluster })) {
        await writeFile(join(folder, `${name}.png`), png);
        const isSmall = png.length <= MOST_BYTES;
        areSmall &&= isSmall;
        process.stdout.write(`${name}.png: ${Math.round(png.length / 1_000)} KB${isSmall ? '' : ', too large'}\n`);
      }
    } finally {
      await browser.close();
    }
  } finally {
    await cluster.stop();
  }
  return areSmall;
}

const { env, problem } = await ensureTools([redisTool, chromiumTool]);
if (problem === undefined) {
  Object.assign(process.env, env);
  if (!(await draw())) process.exitCode = 1;
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
