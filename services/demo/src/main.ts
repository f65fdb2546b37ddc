import { pino } from 'pino';
import { DemoConfigError, readEnvironment, VARIABLES } from './config.ts';
import { startDemo } from './start-demo.ts';

const BAD_CONFIGURATION = 2;
const FAILED = 3;

function usage(): string {
  const lines = Object.entries(VARIABLES).map(([name, meaning]) => `  ${name.padEnd(26)} ${meaning}`);
  return `A sample business service with a chat page, configured by its environment:\n\n${lines.join('\n')}\n`;
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(usage());
    return;
  }
  const config = readEnvironment(process.env);
  const logger = pino({ name: 'demo' });
  const { controlUrl, ...options } = config;
  const demo = await startDemo(controlUrl === null ? options : { ...options, controlUrl }, { logger });
  logger.info({ ready: true, url: demo.url }, 'demo ready');
  const end = (): void => {
    demo.close().then(
      () => process.exit(0),
      () => process.exit(FAILED),
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${message}\n`);
  process.exit(error instanceof DemoConfigError ? BAD_CONFIGURATION : FAILED);
});
