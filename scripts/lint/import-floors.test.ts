import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { Linter } from 'eslint';
import { projectRoot } from '../project.ts';
import { importFloors } from './import-floors.ts';

/** What the rule says of `code` standing in the file at `path`. */
function complaints(path: string, code: string): string[] {
  const linter = new Linter({ cwd: projectRoot });
  const config: Linter.Config = {
    files: ['**/*.ts', '**/*.mjs'],
    plugins: { flotilla: { rules: { 'import-floors': importFloors } } },
    rules: { 'flotilla/import-floors': 'error' },
  };
  return linter.verify(code, [config], resolve(projectRoot, path)).map(({ message }) => message);
}

test.each([
  ['sdk/protocol/src/frames/frame.ts', "import { a } from '../ids.ts';"],
  ['sdk/protocol/src/ids.test.ts', "import { test } from '@jest/globals';"],
  ['sdk/store/src/redis-log.ts', "import { Redis } from 'ioredis'; import { b } from '@flotilla-im/protocol';"],
  ['sdk/client/scripts/bundle.mjs', "import { build } from 'esbuild';"],
  ['services/local/src/start.ts', "import { c } from '@flotilla-im/sdk/freeim';"],
  ['operator/src/setup/main.ts', "import { d } from '@flotilla-im/environment';"],
  ['examples/notifier/main.ts', "import { d } from '@flotilla-im/sdk/freeim'; import { e } from './page.ts';"],
  ['test/integration/chat.test.ts', "import { d } from '../../services/im/src/main.ts';"],
])('%s may say %s', (path, code) => {
  expect(complaints(path, code)).toEqual([]);
});

test.each([
  ['sdk/protocol/src/ids.ts', "import { readFileSync } from 'node:fs';"],
  ['sdk/protocol/src/ids.ts', "export { e } from '@flotilla-im/store';"],
  ['sdk/store/src/log.ts', "import { f } from '@flotilla-im/sdk';"],
  ['sdk/store/src/log.ts', "import { f } from '../../protocol/src/index.ts';"],
  ['sdk/client/src/socket.ts', "const ws = await import('ws');"],
  ['sdk/client/src/socket.ts', "import { g } from '@flotilla-im/store';"],
  ['services/demo/src/main.ts', "import { h } from '@flotilla-im/protocol';"],
  ['services/im/src/main.ts', "import { i } from '@flotilla-im/operator';"],
  ['environment/src/index.ts', "import { i } from '@flotilla-im/protocol';"],
  ['sdk/node/src/index.ts', "import { i } from '@flotilla-im/environment';"],
  ['examples/notifier/main.ts', "import { j } from '@flotilla-im/store';"],
  ['examples/notifier/main.ts', "import { j } from '../presence-worker/main.ts';"],
  ['operator/src/main.ts', "import { j } from '../../services/im/src/config.ts';"],
])('%s may not say %s', (path, code) => {
  expect(complaints(path, code)).toHaveLength(1);
});
