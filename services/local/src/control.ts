import { fileURLToPath } from 'node:url';
import { askLauncher } from './control/control-client.ts';
import { parseControlRequest, VERBS } from './control/control-request.ts';
import { Problem } from './problem.ts';
import { isProcessAlive } from './processes/is-process-alive.ts';
import { readLiving } from './state/running-launcher.ts';
import { stateFolder } from './state/state-folder.ts';

/** `npm run scale|restart|kill -- N`: asks the launcher that runs in this folder. Resolves to the exit code. */
async function run([verb = '', ...args]: readonly string[]): Promise<number> {
  const known = Object.entries(VERBS).find(([name]) => name === verb)?.[1];
  if (known !== undefined && args.some((arg) => arg === '--help' || arg === '-h')) {
    process.stdout.write(`${known.help}\n\n  npm run ${verb} -- <${known.argument}>\n`);
    return 0;
  }
  const request = parseControlRequest(verb, args.length === 1 ? args[0] : undefined);
  if (typeof request === 'string') throw new Problem(request);
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const { control } = stateFolder(root, process.env['FLOTILLA_LOCAL_STATE']);
  const launcher = await readLiving(control, isProcessAlive);
  if (launcher === null) throw new Problem('No Flotilla runs in this folder. npm start starts one.');
  if (launcher.controlUrl === undefined) throw new Problem('Flotilla is still starting; ask again in a moment.');
  const result = await askLauncher(launcher.controlUrl, request, (line) => void process.stdout.write(`${line}\n`));
  const stream = result.ok ? process.stdout : process.stderr;
  stream.write(`${result.text}\n`);
  return result.ok ? 0 : 1;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const text = error instanceof Problem ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text ?? ''}\n`);
  process.exitCode = 1;
}
