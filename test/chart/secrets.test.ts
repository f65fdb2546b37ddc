import { describe, expect, it } from '@jest/globals';
import { environmentOf } from './support/environment.ts';
import { chartFolder, containerOf, find, helm, podOf, render, type Rendered } from './support/render.ts';

function hookOf({ metadata }: Rendered): string | undefined {
  return metadata.annotations?.['helm.sh/hook'];
}

const ownRedis = { embedded: { enabled: false }, external: { url: 'redis://r' } };

describe('Secrets', () => {
  it('are never rendered, so that nothing random is', async () => {
    const [one, other] = await Promise.all([render(), render()]);
    expect(one.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    expect(one).toEqual(other);
  });

  it('are made by a hook before the first start, and removed by one after the last', async () => {
    const objects = await render();
    const make = find(objects, 'Job', 'chat-flotilla-setup');
    expect(hookOf(make)).toBe('pre-install,pre-upgrade');
    expect(environmentOf(make)).toMatchObject({
      FLOTILLA_NAMESPACE: 'messaging',
      FLOTILLA_TOKEN_KEYS_SECRET: 'chat-flotilla-token-keys',
      FLOTILLA_REDIS_SECRET: 'chat-flotilla-redis',
    });
    const remove = find(objects, 'Job', 'chat-flotilla-remove');
    expect(hookOf(remove)).toBe('post-delete');
    expect(containerOf(remove).command).toEqual(['node', '/app/setup.js', '--remove']);
  });

  it('are made by an upgrade as well where nobody can look whether they are there', async () => {
    const text = await helm(['template', 'chat', chartFolder, '--namespace', 'messaging', '--is-upgrade', '-f', '-']);
    expect(text).toContain('name: chat-flotilla-setup');
  });

  it('that are given are not made', async () => {
    const job = find(await render({ values: { tokenKeys: { existingSecret: 'mine' } } }), 'Job', 'chat-flotilla-setup');
    expect(environmentOf(job)).toMatchObject({
      FLOTILLA_TOKEN_KEYS_SECRET: '',
      FLOTILLA_REDIS_SECRET: 'chat-flotilla-redis',
    });
  });

  it('that are all given need no hook and no right', async () => {
    const objects = await render({ values: { tokenKeys: { existingSecret: 'mine' }, redis: ownRedis } });
    expect(objects.filter((object) => /install|delete/u.test(hookOf(object) ?? ''))).toEqual([]);
  });

  it('leave nothing of their hooks behind', async () => {
    const hooks = (await render()).filter((object) => hookOf(object) !== undefined);
    expect(hooks.length).toBeGreaterThan(0);
    for (const { metadata } of hooks) {
      expect(metadata.annotations?.['helm.sh/hook-delete-policy']).toBe('before-hook-creation,hook-succeeded');
    }
  });

  it('are mounted as directories, which follow a rotation', async () => {
    const set = find(
      await render({ values: { tokenKeys: { existingSecret: 'mine', key: 'jwks' } } }),
      'StatefulSet',
      'chat-flotilla-im',
    );
    expect(podOf(set)?.volumes).toContainEqual({
      name: 'token-keys',
      secret: { secretName: 'mine', items: [{ key: 'jwks', path: 'keys.json' }], defaultMode: 0o440 },
    });
    for (const mount of containerOf(set).volumeMounts ?? []) expect(mount).not.toHaveProperty('subPath');
  });
});
