import { ConfigError, unknownVariables } from '@flotilla-im/environment';
import { isFlotillaError } from '@flotilla-im/sdk';
import { pino, stdTimeFunctions } from 'pino';
import { readEnvironment } from './config/environment.ts';
import { helpText, VARIABLES } from './config/variables.ts';
import { startDemo } from './start-demo.ts';

const EXIT = { stopped: 0, fault: 1, configuration: 2, store: 3 } as const;

/** The demo, from its environment to its end. Resolves to the exit code. */
async function run(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(helpText());
    return EXIT.stopped;
  }
  if (args.length > 0) throw new ConfigError([`${String(args[0])} is no argument; --help tells what there is.`]);
  const options = readEnvironment(process.env);
  const logger = pino({ timestamp: stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } });
  const names = VARIABLES.map(({ name }) => name);
  for (const unknown of unknownVariables(process.env, names)) logger.warn(unknown, 'unknown environment variable');
  const stopping = new AbortController();
  const stop = (): void => {
    // A second signal means now.
    if (stopping.signal.aborted) process.exit(EXIT.stopped);
    stopping.abort();
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  try {
    const demo = await startDemo(options, { logger, signal: stopping.signal });
    logger.info({ ready: true, url: demo.url }, 'demo ready');
    await aborted(stopping.signal);
    await demo.close();
    logger.info('demo stopped');
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  }
  return EXIT.stopped;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** A mistake of who starts it is told in sentences, a fault of the software with its stack. */
function explain(error: unknown): { readonly text: string; readonly code: number } {
  if (error instanceof ConfigError) return { text: error.message, code: EXIT.configuration };
  if (isFlotillaError(error)) {
    return { text: `${error.message}.`, code: error.code === 'bad_options' ? EXIT.configuration : EXIT.store };
  }
  const fault: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error));
  const { code, message, stack = message } = fault;
  if (code === 'EADDRINUSE' || code === 'EADDRNOTAVAIL' || code === 'EACCES') {
    return { text: `The demo cannot listen: ${message}.`, code: EXIT.configuration };
  }
  return { text: stack, code: EXIT.fault };
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const { text, code } = explain(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = code;
}
// Whatever still holds the process open must not outlive its work.
setTimeout(() => process.exit(), 2_000).unref();
