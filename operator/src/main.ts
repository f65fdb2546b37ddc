import { readFile } from 'node:fs/promises';
import { ConfigError, unknownVariables } from '@flotilla-im/environment';
import { isFlotillaError } from '@flotilla-im/protocol';
import { createLeaseObserver, createRedisStore, type Store } from '@flotilla-im/store';
import { type Logger, pino, stdTimeFunctions } from 'pino';
import { helpText, type OperatorEnvironment, readEnvironment, VARIABLE_NAMES } from './config/environment.ts';
import { createFleetFile } from './local/fleet-file.ts';
import { createMapFile } from './local/map-file.ts';
import { createPatientStore } from './observe/patient-store.ts';
import type { KubernetesMode } from './kubernetes/kubernetes-mode.ts';
import { createMetrics, type Metrics } from './report/metrics.ts';
import { type OperatorDeps, startOperator } from './start-operator.ts';

const EXIT = { stopped: 0, fault: 1, configuration: 2, store: 3, leadership: 4 } as const;
const CONNECT_AGAIN_MS = 1_000;

/** The operator, from its environment to its end. Resolves to the exit code. */
async function run(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(helpText());
    return EXIT.stopped;
  }
  if (args.length > 0) throw new ConfigError([`${String(args[0])} is no argument; --help tells what there is.`]);
  const config = readEnvironment(process.env);
  const logger = createLogger(config);
  for (const unknown of unknownVariables(process.env, VARIABLE_NAMES)) {
    logger.warn(unknown, 'unknown environment variable');
  }
  const end = whenToldToStop(logger);
  const metrics = createMetrics(true);
  const surroundings = await findSurroundings(config, logger, metrics, end);
  const store = createPatientStore({
    connect: () => connect(config, logger),
    onFatal: end.fail,
    retryMs: CONNECT_AGAIN_MS,
    nowMs: () => performance.now(),
  });
  await store.attempted;
  const operator = await startOperator(
    {
      failoverAfterMs: config.failoverAfterMs,
      intervalMs: config.intervalMs,
      http: { host: config.host, port: config.port },
    },
    { ...surroundings.deps, store, leaseObserver: createLeaseObserver(), logger, metrics },
  );
  logger.info({ ready: true, port: operator.port }, 'operator ready');
  try {
    await end.reached;
  } finally {
    await operator.close();
    await surroundings.close();
    await store.close();
  }
  logger.info('operator stopped');
  return EXIT.stopped;
}

interface Surroundings extends Pick<KubernetesMode, 'close'> {
  readonly deps: Pick<OperatorDeps, 'fleet' | 'authority'> & Partial<KubernetesMode['deps']>;
}

/** Where shards and the map live. The client of Kubernetes is loaded only where there is one: it takes half a second. */
async function findSurroundings(
  config: OperatorEnvironment,
  logger: Logger,
  metrics: Metrics,
  end: End,
): Promise<Surroundings> {
  if (config.mode === 'local') {
    const deps = { fleet: createFleetFile(config.fleetFile), authority: createMapFile(config.mapFile) };
    return { deps, close: () => Promise.resolve() };
  }
  const { startKubernetesMode } = await import('./kubernetes/kubernetes-mode.ts');
  return startKubernetesMode({
    config,
    environment: process.env,
    logger,
    metrics,
    onLost() {
      logger.fatal('leadership lost, ending at once: another operator may lead by now');
      process.exit(EXIT.leadership);
    },
    onRestart() {
      logger.info('the kind of routes changed, ending in order to be started again');
      end.stop();
    },
  });
}

function createLogger({ cluster, logLevel }: OperatorEnvironment): Logger {
  return pino({
    level: logLevel,
    base: { cluster, operator: true },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
  });
}

async function connect(config: OperatorEnvironment, logger: Logger): Promise<Store> {
  const { redisUrl: url, redisPasswordFile, cluster } = config;
  const password = redisPasswordFile === '' ? {} : { password: (await readFile(redisPasswordFile, 'utf8')).trim() };
  const store = await createRedisStore({ url, cluster, ...password });
  for (const warning of store.warnings) logger.warn({ reason: warning }, 'store is usable, but');
  return store;
}

interface End {
  /** Resolves with the first SIGTERM or SIGINT; rejects when going on makes no sense. */
  readonly reached: Promise<void>;
  readonly stop: () => void;
  readonly fail: (error: unknown) => void;
}

function whenToldToStop(logger: Logger): End {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  let isTold = false;
  const stop = (signal: NodeJS.Signals): void => {
    // A second signal means now.
    if (isTold) process.exit(EXIT.stopped);
    isTold = true;
    logger.info({ signal }, 'stopping');
    resolve(undefined);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  return { reached: promise, stop: () => resolve(undefined), fail: reject };
}

/** A user's mistake is told in sentences, a fault of the software with its stack. */
function explain(error: unknown): { readonly text: string; readonly code: number } {
  if (error instanceof ConfigError) return { text: error.faults.join('\n'), code: EXIT.configuration };
  if (isFlotillaError(error)) {
    return { text: `${error.message}.`, code: error.code === 'bad_options' ? EXIT.configuration : EXIT.store };
  }
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), code: EXIT.fault };
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const { text, code } = explain(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = code;
}
