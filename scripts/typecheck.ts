// Type-checks everything, or the folders named. What a browser lacks must not compile in the client.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { projectRoot, typedProjects } from './project.ts';
import { runNode } from './run-command.ts';

async function check(folder: string): Promise<boolean> {
  const cache = join(projectRoot, 'node_modules/.cache/tsc', `${folder.replaceAll('/', '-')}.tsbuildinfo`);
  const args = ['--project', folder, '--pretty', 'false', '--incremental', '--tsBuildInfoFile', cache];
  const { code, output } = await runNode('node_modules/typescript/bin/tsc', args, { cwd: projectRoot });
  process.stdout.write(output);
  return code === 0;
}

/** Takes folders from the shared queue until it is empty; tells whether all of its own were right. */
async function work(queue: string[]): Promise<boolean> {
  let right = true;
  for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) right = (await check(folder)) && right;
  return right;
}

const chosen = process.argv.slice(2);
const queue = chosen.length > 0 ? chosen : [...typedProjects];
const workers = Array.from({ length: Math.min(2, availableParallelism()) }, () => work(queue));
if ((await Promise.all(workers)).includes(false)) process.exitCode = 1;
