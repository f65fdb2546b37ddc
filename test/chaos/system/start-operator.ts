import { supervise } from '@flotilla-im/local/testing';
import { createClockFile } from './clock/clock-file.ts';
import type { Ground } from './ground.ts';
import { createProcessControl } from './processes/process-control.ts';
import type { ProcessControl } from './system.ts';

/** Starts the operator; it reaches Redis by the link `operator-redis`, and is started again whenever it ends. */
export async function startOperator({ cluster, files, programs, links, atEnd }: Ground): Promise<ProcessControl> {
  const env = {
    FLOTILLA_CLUSTER: cluster,
    FLOTILLA_REDIS_URL: await links.toRedis('operator-redis'),
    FLOTILLA_MODE: 'local',
    FLOTILLA_LOCAL_FLEET_FILE: files.fleet,
    FLOTILLA_LOCAL_MAP_FILE: files.map,
    FLOTILLA_HOST: '127.0.0.1',
    FLOTILLA_PORT: '0',
  };
  const clock = createClockFile(files.clockOf('operator'));
  const spec = programs.spec({ name: 'operator', entry: 'operator/src/main.ts', env }, clock);
  const supervised = supervise({
    start: () => programs.start(spec),
    onEnd: () => {},
    nowMs: () => performance.now(),
  });
  atEnd(() => supervised.stop(0));
  return createProcessControl('operator', () => supervised.child(), clock);
}
