import { collectDefaultMetrics, type Registry } from 'prom-client';

/**
 * Those that list each open socket, some of them twice, while nobody is served. How many sockets there are is told by
 * `flotilla_im_connections`.
 */
const COSTLY = [
  'nodejs_active_handles',
  'nodejs_active_handles_total',
  'nodejs_active_requests',
  'nodejs_active_requests_total',
  'nodejs_active_resources',
  'nodejs_active_resources_total',
  'process_open_fds',
];

/** Memory, CPU and collections of the process, as Prometheus' clients name them, but for what is costly with many connections. */
export function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const name of COSTLY) registry.removeSingleMetric(name);
}
