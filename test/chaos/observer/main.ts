// The observer as a process: judges the journals of a run, and knows nothing else of it.
// main.ts <folder of journals> <verdict.json> [--options <json>]
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { observe } from './observe.ts';
import { parseOptions } from './options.ts';

/** `unreadable`: nothing could be judged, or nothing was asked. */
const EXIT = { passed: 0, violations: 1, unreadable: 2 } as const;

function main(): number {
  try {
    const { values, positionals } = parseArgs({
      options: { options: { type: 'string', default: '{}' } },
      allowPositionals: true,
    });
    const [journals, file] = positionals;
    if (journals === undefined || file === undefined || positionals.length > 2) {
      throw new RangeError('main.ts <folder of journals> <verdict.json> [--options <json>]');
    }
    const verdict = observe(journals, parseOptions(values.options));
    writeFileSync(file, JSON.stringify(verdict));
    return verdict.passed ? EXIT.passed : EXIT.violations;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.unreadable;
  }
}

process.exitCode = main();
