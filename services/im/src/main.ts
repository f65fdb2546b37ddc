import { hostname } from 'node:os';
import { ConfigError, unknownVariables } from '@flotilla-im/environment';
import { isFlotillaError } from '@flotilla-im/protocol';
import { readEnvironment, VARIABLE_NAMES } from './config/environment.ts';
import { helpText } from './config/help.ts';
import { createLogger } from './logging/logger.ts';

const EXIT = { drained: 0, fault: 1, configuration: 2, store: 3 } as const;

/** One pod, from its environment to its end. Resolves to the exit code. */
async function run(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(helpText());
    return EXIT.drained;
  }
  if (args.length > 0) throw new ConfigError([`${String(args[0])} is no argument; --help tells what there is.`]);
  const config = readEnvironment(process.env, hostname());
  const logger = createLogger(config.cluster, config.shard, config.logLevel);
  for (const unknown of unknownVariables(process.env, VARIABLE_NAMES)) {
    logger.warn(unknown, 'unknown environment variable');
  }
  const crash = (error: unknown): void => {
    logger.fatal({ err: error }, 'unhandled fault');
    process.exit(EXIT.fault);
  };
  process.on('unhandledRejection', crash).on('uncaughtException', crash);
  const stopping = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    // A second signal means now.
    if (stopping.signal.aborted) process.exit(EXIT.drained);
    logger.info({ signal }, 'stopping');
    stopping.abort();
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  const { tokenKeys, redisPasswordFile, ...rest } = config;
  const keys = typeof tokenKeys === 'string' ? { tokenKeysFile: tokenKeys } : { tokenKeys };
  const options = { ...rest, ...keys, ...(redisPasswordFile === null ? {} : { redisPasswordFile }) };
  try {
    // Only now, so that a faulty configuration is told at once.
    const { startShard } = await import('./pod/start-shard.ts');
    const shard = await startShard(options, { logger, signal: stopping.signal, isWholeProcess: true });
    await aborted(stopping.signal);
    await shard.drain();
    logger.info('shard stopped');
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  }
  return EXIT.drained;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** A user's mistake is told in sentences, a fault of the software with its stack. */
function explain(error: unknown): { readonly text: string; readonly code: number } {
  if (error instanceof ConfigError) return { text: error.faults.join('\n'), code: EXIT.configuration };
  if (isFlotillaError(error) && error.code.startsWith('store_')) return { text: `${error.message}.`, code: EXIT.store };
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), code: EXIT.fault };
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const { text, code } = explain(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = code;
}
// Whatever still holds the process open must not outlive the drain.
setTimeout(() => process.exit(), 100).unref();
