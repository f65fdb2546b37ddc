import { describe, expect, it } from '@jest/globals';
import { environmentOf, variablesOf } from './support/environment.ts';
import { containerOf, find, podOf, render, type Rendered, specOf } from './support/render.ts';

const WORKLOADS = [
  ['StatefulSet', 'chat-flotilla-im'],
  ['Deployment', 'chat-flotilla-operator'],
  ['Deployment', 'chat-flotilla-demo'],
  ['Pod', 'chat-flotilla-check'],
] as const;

async function external(given: unknown): Promise<Rendered[]> {
  return await render({
    values: { demo: { enabled: true }, redis: { embedded: { enabled: false }, external: given } },
  });
}

describe('an external Redis', () => {
  it.each(WORKLOADS)('is given by its address to %s/%s', async (kind, name) => {
    const url = 'redis+sentinel://s-0,s-1/0?master=messages';
    const environment = environmentOf(find(await external({ url }), kind, name));
    expect(environment['FLOTILLA_REDIS_URL']).toBe(url);
    expect(environment).not.toHaveProperty('FLOTILLA_REDIS_PASSWORD_FILE');
  });

  it.each(WORKLOADS)('is given by a Secret to %s/%s', async (kind, name) => {
    const existingSecret = { name: 'mine', urlKey: 'url', passwordKey: 'pass' };
    const object = find(await external({ existingSecret }), kind, name);
    expect(variablesOf(object).find((each) => each.name === 'FLOTILLA_REDIS_URL')?.valueFrom).toEqual({
      secretKeyRef: { name: 'mine', key: 'url' },
    });
    expect(podOf(object)?.volumes).toContainEqual({
      name: 'redis',
      secret: { secretName: 'mine', items: [{ key: 'pass', path: 'password' }], defaultMode: 0o440 },
    });
  });

  it.each(WORKLOADS)('is believed by its own authority in %s/%s', async (kind, name) => {
    const object = find(await external({ url: 'rediss://r', tls: { caConfigMap: { name: 'ca' } } }), kind, name);
    expect(environmentOf(object)['NODE_EXTRA_CA_CERTS']).toBe('/etc/flotilla/redis-ca/ca.crt');
    expect(containerOf(object).volumeMounts).toContainEqual({
      name: 'redis-ca',
      mountPath: '/etc/flotilla/redis-ca',
      readOnly: true,
    });
  });

  it('leaves the embedded one out', async () => {
    const objects = await external({ url: 'redis://r' });
    expect(objects.filter(({ metadata }) => metadata.name === 'chat-flotilla-redis')).toEqual([]);
  });
});

describe('the embedded Redis', () => {
  it('evicts nothing and writes everything down', async () => {
    const { data } = find(await render(), 'ConfigMap', 'chat-flotilla-redis');
    expect(data?.['redis.conf']?.split('\n')).toEqual(
      expect.arrayContaining(['appendonly yes', 'appendfsync everysec', 'maxmemory-policy noeviction']),
    );
  });

  it('writes its file anew from the length on that is asked for', async () => {
    const values = { redis: { embedded: { rewriteFileFrom: '1gb' } } };
    const { data } = find(await render({ values }), 'ConfigMap', 'chat-flotilla-redis');
    expect(data?.['redis.conf']?.split('\n')).toContain('auto-aof-rewrite-min-size 1gb');
  });

  it('has its password neither in an argument nor in a variable', async () => {
    const container = containerOf(find(await render(), 'StatefulSet', 'chat-flotilla-redis'));
    expect(container).not.toHaveProperty('env');
    expect(container).not.toHaveProperty('args');
  });

  it('keeps what it has in a volume where one is asked for, and gives it back with the release', async () => {
    const values = { redis: { embedded: { persistence: { enabled: true, size: '5Gi', storageClass: 'fast' } } } };
    const spec = specOf(await render({ values }), 'StatefulSet', 'chat-flotilla-redis');
    expect(spec).toMatchObject({
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' },
      volumeClaimTemplates: [{ spec: { storageClassName: 'fast', resources: { requests: { storage: '5Gi' } } } }],
    });
    expect(spec.template?.spec.volumes).not.toContainEqual({ name: 'data', emptyDir: {} });
  });
});
