import { describe, expect, it } from '@jest/globals';
import { createKeys } from '@flotilla-im/store';
import { environmentOf } from './support/environment.ts';
import { find, render, type Rendered } from './support/render.ts';

const LONGEST_RELEASE = 'a-release-that-has-as-many-characters-as-helm-allows1';

function clusterOf(objects: readonly Rendered[]): string {
  const set = objects.find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name.endsWith('-im'));
  return set === undefined ? '' : (environmentOf(set)['FLOTILLA_CLUSTER'] ?? '');
}

describe('names', () => {
  it.each([
    ['chat', 'chat-flotilla'],
    ['flotilla', 'flotilla'],
    ['my-flotilla-2', 'my-flotilla-2'],
    ['eu.chat', 'eu-chat-flotilla'],
  ])('of the release %s begin with %s', async (release, name) => {
    expect(find(await render({ release }), 'StatefulSet', `${name}-im`)).toBeDefined();
  });

  it('that no Service can have are refused in a sentence', async () => {
    await expect(render({ release: '1chat' })).rejects.toThrow('set fullnameOverride');
  });

  it('stay short enough for what the operator and Kubernetes append', async () => {
    const objects = await render({ release: LONGEST_RELEASE, namespace: 'n'.repeat(63) });
    for (const { metadata } of objects) {
      expect(`${metadata.name}-s65535`.length).toBeLessThanOrEqual(63);
      for (const value of Object.values(metadata.labels ?? {})) expect(value.length).toBeLessThanOrEqual(63);
    }
  });

  it('of two releases never meet, however long', async () => {
    const names = async (release: string): Promise<string[]> =>
      (await render({ release, values: { demo: { enabled: true } } })).map(
        (each) => `${each.kind}/${each.metadata.name}`,
      );
    const [one, other] = await Promise.all([names(LONGEST_RELEASE), names(LONGEST_RELEASE.replace(/1$/u, '2'))]);
    expect(one.filter((name) => other.includes(name))).toEqual([]);
  });

  it('follow fullnameOverride', async () => {
    const objects = await render({ values: { fullnameOverride: 'im' } });
    expect(objects.filter(({ metadata }) => !/^im(-|$)/u.test(metadata.name))).toEqual([]);
  });

  it('of the cluster are told apart by namespace and release, and are what the store takes', async () => {
    const clusters = await Promise.all(
      [
        { release: 'chat', namespace: 'one' },
        { release: 'chat', namespace: 'two' },
        { release: LONGEST_RELEASE, namespace: 'n'.repeat(63) },
        { release: LONGEST_RELEASE, namespace: `${'n'.repeat(62)}m` },
      ].map(async (options) => clusterOf(await render(options))),
    );
    expect(new Set(clusters).size).toBe(4);
    expect(clusters[0]).toBe('one.chat-flotilla');
    for (const cluster of clusters) expect(() => createKeys(cluster)).not.toThrow();
  });
});
