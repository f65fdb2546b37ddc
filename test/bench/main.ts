import { parseArgs } from 'node:util';
import { startRedis } from '../integration/redis-harness.ts';
import type { BenchContext } from './cases/bench-case.ts';
import { LOAD_CPU } from './cases/bench-case.ts';
import { durability } from './cases/durability.ts';
import { fanOut } from './cases/fan-out.ts';
import { idleMemory } from './cases/idle-memory.ts';
import { privateMessages } from './cases/private-messages.ts';
import { pin } from './measure/child.ts';
import { type Figure, formatTable, isWithin } from './measure/table.ts';

const CASES = [fanOut, privateMessages, idleMemory, durability];

const USAGE = `Measures Flotilla and Socket.IO with its Redis adapter in one run on this machine.

  npm run bench [-- options]

  --only NAME    one case: ${CASES.map(({ name }) => name).join(', ')}
  --quick        a tenth of the length: to see that it works, not to quote
  --json         the figures as one line of JSON
  --help

Exit code 0: every bound kept; 1: one missed; 2: bad options.`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const cases = CASES.filter(({ name }) => values.only === undefined || name === values.only);
  if (cases.length === 0) throw new RangeError(`there is no case "${values.only ?? ''}"; --help lists them`);
  const figures = await runCases(cases, values.quick ? 0.1 : 1);
  process.stdout.write(values.json ? `${JSON.stringify(figures)}\n` : `\n${formatTable(figures)}\n`);
  return figures.every(isWithin) ? 0 : 1;
}

async function runCases(cases: typeof CASES, scale: number): Promise<Figure[]> {
  const redis = await startRedis();
  const redisPid = redis.pid() ?? 0;
  const isPinned = pin(redisPid, LOAD_CPU) && pin(process.pid, LOAD_CPU);
  if (!isPinned) process.stderr.write('taskset is missing: nothing is pinned, figures vary more\n');
  const context: BenchContext = {
    redisUrl: redis.url,
    redisPid,
    scale,
    progress: (text) => process.stderr.write(`${text}\n`),
  };
  try {
    const figures: Figure[] = [];
    for (const benchCase of cases) figures.push(...(await benchCase.run(context)));
    return figures;
  } finally {
    await redis.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const isUsage =
      error instanceof RangeError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true;
    process.stderr.write(`${isUsage ? (error as Error).message : String((error as Error).stack)}\n`);
    process.exit(isUsage ? 2 : 1);
  },
);
