import { describe, expect, it } from '@jest/globals';
import { readCheckConfig } from '../../operator/src/check/config.ts';
import { readEnvironment as readOperator } from '../../operator/src/config/environment.ts';
import { readSetupConfig } from '../../operator/src/setup/config.ts';
import { VARIABLES as DEMO_VARIABLES } from '../../services/demo/src/config/variables.ts';
import { readEnvironment as readShard } from '../../services/im/src/config/environment.ts';
import { environmentOf, variablesOf } from './support/environment.ts';
import { ciValues, find, render } from './support/render.ts';

const release = { release: 'chat', namespace: 'messaging' };
const fromElsewhere = { FLOTILLA_IDENTITY: 'operator-0', FLOTILLA_REDIS_URL: 'rediss://redis' };

describe('the environment', () => {
  it('of a shard is what the shard understands', async () => {
    const set = find(await render(release), 'StatefulSet', 'chat-flotilla-im');
    expect(readShard(environmentOf(set), 'chat-flotilla-im-3')).toMatchObject({
      cluster: 'messaging.chat-flotilla',
      redisUrl: 'redis://chat-flotilla-redis.messaging.svc:6379',
      redisPasswordFile: '/etc/flotilla/redis/password',
      tokenKeys: '/etc/flotilla/token-keys/keys.json',
      shard: 3,
      port: 8080,
      limits: { drainMs: 67_000 },
    });
  });

  it('of a shard names it by its ordinal, for which an empty label leaves the host name', async () => {
    const set = find(await render(release), 'StatefulSet', 'chat-flotilla-im');
    const shard = variablesOf(set).find(({ name }) => name === 'FLOTILLA_SHARD');
    expect(shard?.valueFrom).toEqual({
      fieldRef: { apiVersion: 'v1', fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" },
    });
    expect(readShard({ ...environmentOf(set), FLOTILLA_SHARD: '' }, 'chat-flotilla-im-12').shard).toBe(12);
  });

  it.each([...ciValues.keys()])('of shard and operator are understood with ci/%s', async (name) => {
    const objects = await render({ values: ciValues.get(name) });
    const set = objects.find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name.endsWith('-im'));
    const operator = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name.endsWith('-operator'));
    if (set === undefined || operator === undefined) throw new Error('neither is there');
    expect(() => readShard(environmentOf(set, fromElsewhere), 'im-0')).not.toThrow();
    expect(readOperator(environmentOf(operator, fromElsewhere))).toMatchObject({ mode: 'kubernetes', port: 8081 });
  });

  it('of the demo holds nothing that the demo does not know', async () => {
    const demo = find(
      await render({ ...release, values: { demo: { enabled: true } } }),
      'Deployment',
      'chat-flotilla-demo',
    );
    const known = new Set(DEMO_VARIABLES.map(({ name }) => name));
    expect(variablesOf(demo).filter(({ name }) => !known.has(name))).toEqual([]);
  });

  it('of the hooks is what their program understands', async () => {
    const objects = await render(release);
    const make = environmentOf(find(objects, 'Job', 'chat-flotilla-setup'));
    expect(readSetupConfig(make, [])).toMatchObject({
      task: 'create',
      labels: { 'app.kubernetes.io/instance': 'chat', 'app.kubernetes.io/managed-by': 'flotilla-setup' },
    });
    const remove = environmentOf(find(objects, 'Job', 'chat-flotilla-remove'));
    expect(readSetupConfig(remove, ['--remove'])).toMatchObject({ task: 'remove', namespace: 'messaging' });
  });

  it('of helm test is what its program understands, with routes only where there are some', async () => {
    const check = async (values: unknown): Promise<unknown> =>
      readCheckConfig(environmentOf(find(await render({ ...release, values }), 'Pod', 'chat-flotilla-check')));
    const serviceUrl = 'ws://chat-flotilla-im-s{shard}.messaging.svc:8080/s/{shard}';
    expect(await check({})).toMatchObject({ serviceUrl, routeUrl: undefined });
    const exposure = { type: 'ingress', host: 'a.example' };
    expect(await check({ exposure })).toMatchObject({ serviceUrl, routeUrl: null });
    const routeUrl = 'ws://10.0.0.1/s/{shard}';
    expect(await check({ exposure, check: { routeUrl } })).toMatchObject({ routeUrl });
    expect(await check({ exposure, check: { routes: false } })).toMatchObject({ routeUrl: undefined });
  });

  it('takes limits by their names', async () => {
    const values = { im: { limits: { connectionsPerPod: 50_000, logAgeMs: 604_800_000 } } };
    const set = find(await render({ ...release, values }), 'StatefulSet', 'chat-flotilla-im');
    expect(readShard(environmentOf(set), 'im-0').limits).toMatchObject({
      connectionsPerPod: 50_000,
      logAgeMs: 604_800_000,
    });
  });

  it('of one’s own takes the place of the chart’s, once', async () => {
    const values = { im: { extraEnv: [{ name: 'FLOTILLA_LOG_LEVEL', value: 'debug' }] } };
    const set = find(await render({ ...release, values }), 'StatefulSet', 'chat-flotilla-im');
    expect(variablesOf(set).filter(({ name }) => name === 'FLOTILLA_LOG_LEVEL')).toEqual([
      { name: 'FLOTILLA_LOG_LEVEL', value: 'debug' },
    ]);
  });

  it('believes a proxy only where there is one', async () => {
    const proxies = async (values: unknown): Promise<unknown> =>
      environmentOf(find(await render({ ...release, values }), 'StatefulSet', 'chat-flotilla-im'))[
        'FLOTILLA_TRUSTED_PROXIES'
      ];
    const exposure = { type: 'ingress', host: 'a.example' };
    expect(await proxies({})).toBe('');
    expect(await proxies({ exposure })).toBe('private');
    expect(await proxies({ exposure, im: { trustedProxies: ['10.1.0.0/16', 'loopback'] } })).toBe(
      '10.1.0.0/16,loopback',
    );
    expect(await proxies({ exposure, im: { trustedProxies: [] } })).toBe('');
  });
});
