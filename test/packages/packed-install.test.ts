import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createEmptyProject, type EmptyProject } from './empty-project.ts';

const entries = [
  '@flotilla-im/protocol',
  '@flotilla-im/store',
  '@flotilla-im/sdk',
  '@flotilla-im/sdk/freeim',
  '@flotilla-im/client',
];

const packed: { project?: EmptyProject } = {};

function setup(): EmptyProject {
  if (packed.project === undefined) throw new Error('the packages were not installed');
  return packed.project;
}

beforeAll(async () => {
  packed.project = await createEmptyProject();
});

afterAll(() => packed.project?.remove());

test.each(entries)('%s loads from its tarball, built and not from its sources', async (entry) => {
  const source = `await import('${entry}'); console.log(import.meta.resolve('${entry}'));`;
  expect(await setup().runScript('load.mjs', source)).toMatch(/\/dist\/.*index\.js\n$/);
});

test('strict TypeScript finds the types of every entry', async () => {
  const lines = entries.map((entry, index) => `import type * as entry${index} from '${entry}';`);
  expect(await setup().typeCheck('consumer.ts', `${lines.join('\n')}\nexport type {};\n`)).toBe('');
});

test('the client ships one file for a script element', async () => {
  const bundle = join(setup().folder, 'node_modules/@flotilla-im/client/dist/flotilla-client.js');
  await expect(access(bundle)).resolves.toBeUndefined();
});
