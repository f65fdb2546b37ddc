import { statSync } from 'node:fs';

/** What jest says of a test file, as far as it is needed here. */
interface TestFile {
  readonly path: string;
}

/**
 * What takes longest, by the end of its path and the longest first. Most of it waits for something that must not happen:
 * begun early, it waits while other files compute.
 */
const longest = [
  'operator/kubernetes-misbehaving.test.ts',
  'operator/kubernetes-redis-away.test.ts',
  'im-edge/socketio-half-open.test.ts',
  'operator/kubernetes.test.ts',
  'im-core/slow-reader-policies.test.ts',
  'chaos/system.test.ts',
  'examples/call-signalling.test.ts',
  'operator/operator.test.ts',
  'operator/kubernetes-lending.test.ts',
  'local/launcher.test.ts',
  'operator/kubernetes-election.test.ts',
  'im-edge/pod-process.test.ts',
  'operator/kubernetes-rights.test.ts',
  'examples/python-device.test.ts',
  'images/bundles.test.ts',
  'conformance/redis-cluster.test.ts',
  'chaos/failover.test.ts',
  'chaos/campaign.test.ts',
  'chaos/load.test.ts',
  'im-core/dead-pods.test.ts',
  'im-core/slow-readers.test.ts',
  'conformance/redis.test.ts',
  'local/given-redis.test.ts',
  'browser/chat-calls.test.ts',
  'browser/chat-while-scaling.test.ts',
  'browser/chat-accessibility.test.ts',
  'browser/chat-files.test.ts',
  'browser/chat-together.test.ts',
  'browser/fleet-panel.test.ts',
];

function rank({ path }: TestFile): number {
  const place = longest.findIndex((end) => path.replaceAll('\\', '/').endsWith(`/${end}`));
  return place < 0 ? longest.length : place;
}

/** The order in which jest begins the test files: those that take longest, then the others, large ones first. */
export class LongFirst {
  sort<T extends TestFile>(tests: readonly T[]): T[] {
    const sizes = new Map(tests.map(({ path }) => [path, statSync(path).size]));
    return [...tests].sort((a, b) => rank(a) - rank(b) || (sizes.get(b.path) ?? 0) - (sizes.get(a.path) ?? 0));
  }

  cacheResults(): void {
    // Nothing is kept of a run: every run has the same order, as in a fresh clone.
  }
}

export { LongFirst as 'module.exports' };
