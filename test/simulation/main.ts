// The simulation: `npm run simulation -- --help` says how.
import { installHooks } from './hooks.ts';
import { parseArguments } from './arguments.ts';

const given = parseArguments(process.argv.slice(2));
if ('usage' in given) {
  process.stderr.write(`${given.usage}\n`);
  process.exitCode = 1;
} else if (given.task === 'mutants') {
  const { runMutants } = await import('./run-mutants.ts');
  await runMutants();
} else {
  installHooks(given.mutant);
  const { run } = await import('./run.ts');
  await run(given);
}
