// Loaded before a program's own entry (`node --import`): upon SIGUSR2 it collects all garbage, and then writes the file that
// an environment variable names. What is still resident afterwards is what the program holds; before, it depends on when V8
// collected last, and that may be half an hour ago. Only the last resort of V8 gives the pages back that it has emptied.
import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { COLLECTED_VARIABLE } from './collected.ts';

const path = process.env[COLLECTED_VARIABLE];
if (path !== undefined) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (how: Readonly<Record<string, string>>) => void;
  process.on('SIGUSR2', () => {
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    writeFileSync(path, '');
  });
}
