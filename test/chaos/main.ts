// npm run chaos: a whole Flotilla under load, faults, and an independent observer. `--help` says how.
import { type Given, listed, parseArguments, USAGE } from './arguments.ts';
import { runGiven, type Telling } from './campaign/run-given.ts';

const EXIT = { held: 0, broken: 1, wrongUse: 2, couldNotRun: 3 } as const;

async function main(args: readonly string[]): Promise<number> {
  const given = readArguments(args);
  if ('problem' in given) {
    process.stderr.write(`${given.problem}\n\n${USAGE}\n`);
    return EXIT.wrongUse;
  }
  if (given.task === 'help' || given.task === 'list') {
    process.stdout.write(`${given.task === 'help' ? USAGE : listed()}\n`);
    return EXIT.held;
  }
  return (await runGiven(given, interrupts(), tellingOf(given))) ? EXIT.held : EXIT.broken;
}

function readArguments(args: readonly string[]): Given | { readonly problem: string } {
  try {
    return parseArguments(args);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Aborted by Ctrl-C and by a request to end; a second one ends the process as it is. */
function interrupts(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => stopping.abort(new Error(`broken off (${signal})`)));
  }
  return stopping.signal;
}

/** With `--json` standard output is the verdict's alone. */
function tellingOf({ output }: Extract<Given, { output: unknown }>): Telling {
  const lines = output.isJson ? process.stderr : process.stdout;
  return {
    isJson: output.isJson,
    lines,
    verdict: (json) => void process.stdout.write(`${json}\n`),
  };
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(EXIT.couldNotRun);
  },
);
