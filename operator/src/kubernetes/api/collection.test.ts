import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type Collection, FOLLOW_DEFAULTS, startCollection } from './collection.ts';
import type { KubernetesObject, WatchLine } from './resource.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

type Line = WatchLine<KubernetesObject>;

const object = (name: string, resourceVersion: string, uid = 'u'): KubernetesObject => ({
  metadata: { name, resourceVersion, uid },
});

interface Scene {
  readonly collection: Collection<KubernetesObject>;
  /** One line of the watch; null breaks it. */
  readonly bring: (line: Line | null) => Promise<void>;
  readonly versionOf: (name: string) => string | undefined;
  readonly heard: { changes: number; lost: number };
}

/** A collection that holds `a` in version 5; while `isBroken` neither lists nor watches are answered. */
async function setup(): Promise<Scene & { readonly server: { isBroken: boolean } }> {
  const server = { isBroken: false };
  const heard = { changes: 0, lost: 0 };
  let next: (line: Line | null) => void = () => undefined;
  const refuse = (): Promise<never> => Promise.reject(new Error('refused'));
  const collection = startCollection<KubernetesObject>(
    {
      list: () => (server.isBroken ? refuse() : Promise.resolve({ items: [object('a', '5')], resourceVersion: '5' })),
      watch: () => (server.isBroken ? refuse() : Promise.resolve(lines((take) => (next = take)))),
    },
    { ...FOLLOW_DEFAULTS, nowMs: () => Date.now(), random: () => 0, onLost: () => (heard.lost += 1) },
  );
  collection.onChange(() => (heard.changes += 1));
  await jest.advanceTimersByTimeAsync(1);
  const bring = async (line: Line | null): Promise<void> => {
    next(line);
    await jest.advanceTimersByTimeAsync(1);
  };
  const versionOf = (name: string): string | undefined => collection.get(name)?.metadata?.resourceVersion;
  return { collection, bring, versionOf, heard, server };
}

async function* lines(listen: (take: (line: Line | null) => void) => void): AsyncGenerator<Line> {
  for (;;) {
    const line = await new Promise<Line | null>((resolve) => listen(resolve));
    if (line === null) throw new Error('broken');
    yield line;
  }
}

describe('a collection', () => {
  test('holds what was listed and follows the watch', async () => {
    const { collection, bring, versionOf } = await setup();
    expect(collection.isSynced).toBe(true);
    await bring({ type: 'MODIFIED', object: object('a', '6') });
    await bring({ type: 'ADDED', object: object('b', '7') });
    expect([versionOf('a'), versionOf('b')]).toEqual(['6', '7']);
    await bring({ type: 'DELETED', object: object('a', '8') });
    expect(versionOf('a')).toBeUndefined();
  });

  test('is not taken back by an event that is older than what a write of its own returned', async () => {
    const { collection, bring, versionOf } = await setup();
    collection.put(object('a', '9'));
    await bring({ type: 'MODIFIED', object: object('a', '8') });
    expect(versionOf('a')).toBe('9');
  });

  test('is not taken back by what a write of its own returned, when somebody else’s later write was heard before', async () => {
    const { collection, bring, versionOf } = await setup();
    await bring({ type: 'MODIFIED', object: object('a', '10') });
    collection.put(object('a', '9'));
    expect(versionOf('a')).toBe('10');
  });

  test('stays without an object whose end was heard before what an earlier write of its own returned', async () => {
    const { collection, bring, versionOf } = await setup();
    await bring({ type: 'DELETED', object: object('a', '10') });
    collection.put(object('a', '9'));
    expect(versionOf('a')).toBeUndefined();
    collection.put(object('a', '11', 'next'));
    expect(versionOf('a')).toBe('11');
  });

  test('takes nothing that is older than a list that lacks it', async () => {
    const { collection, versionOf } = await setup();
    collection.put(object('b', '4'));
    expect(versionOf('b')).toBeUndefined();
  });

  test('keeps an object that was made anew when the end of the one before it arrives late', async () => {
    const { collection, bring, versionOf } = await setup();
    collection.drop('a');
    collection.put(object('a', '9', 'next'));
    await bring({ type: 'DELETED', object: object('a', '8') });
    expect(versionOf('a')).toBe('9');
  });

  test('is not current when it was lost for too long, and is again when the server has answered', async () => {
    const { collection, bring, heard, server } = await setup();
    server.isBroken = true;
    await bring(null);
    await jest.advanceTimersByTimeAsync(4_000);
    expect(collection.isCurrent(5_000)).toBe(true);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(collection.isCurrent(5_000)).toBe(false);
    expect(heard.lost).toBe(1);
    const { changes } = heard;
    server.isBroken = false;
    await jest.advanceTimersByTimeAsync(20_000);
    expect(collection.isCurrent(5_000)).toBe(true);
    expect(heard.changes).toBeGreaterThan(changes);
  });

  test('tells nobody when nothing is new', async () => {
    const { bring, heard } = await setup();
    const { changes } = heard;
    await bring({ type: 'BOOKMARK', object: object('', '99') });
    expect(heard.changes).toBe(changes);
  });
});
