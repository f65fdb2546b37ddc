// Simulation: `npm run simulation -- [--schedules n] [--seconds s] [--seed n] [--mutant name] [--trace]`.
import { installHooks } from './hooks.ts';

installHooks(process.argv);
const { main } = await import('./run.ts');
await main(process.argv.slice(2));
