import { describe, expect, it } from '@jest/globals';
import { find, render, type Rendered } from './support/render.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** Rules as lines: `verb,verb group/resource` and the names they are held to. */
function lines(role: Rendered): string[] {
  return (role.rules as Rule[]).map(
    ({ apiGroups, resources, resourceNames = [], verbs }) =>
      `${verbs.join(',')} ${apiGroups.join()}/${resources.join()}${resourceNames.length > 0 ? ` ${resourceNames.join()}` : ''}`,
  );
}

const ALWAYS = [
  'get,list,watch apps/statefulsets',
  'get,update,patch apps/statefulsets/scale chat-flotilla-im',
  'patch apps/statefulsets/status chat-flotilla-im',
  'get,list,watch /pods',
  'get,list,watch,create,patch,delete /services',
  'create /configmaps',
  'get,list,watch,update,patch /configmaps chat-flotilla-shardmap',
  'create coordination.k8s.io/leases',
  'get,update,patch coordination.k8s.io/leases chat-flotilla-operator',
  'create,patch events.k8s.io/events',
];

const gateway = { type: 'httpRoute', host: 'a.example', httpRoute: { parentRefs: [{ name: 'edge' }] } };

describe('the operator’s rights', () => {
  it.each<[string, unknown, string[]]>([
    ['as it comes', {}, []],
    [
      'with a Gateway',
      { exposure: gateway },
      ['get,list,watch,create,patch,delete gateway.networking.k8s.io/httproutes'],
    ],
    [
      'with an Ingress',
      { exposure: { type: 'ingress', host: 'a.example' } },
      ['get,list,watch,create,patch,delete networking.k8s.io/ingresses'],
    ],
  ])('are these and no other, %s', async (_, values, more) => {
    const role = find(await render({ values }), 'Role', 'chat-flotilla-operator');
    expect(lines(role).sort()).toEqual([...ALWAYS, ...more].sort());
  });
});

describe('rights', () => {
  it('reach no further than the namespace', async () => {
    const kinds = new Set((await render({ values: { exposure: gateway } })).map(({ kind }) => kind));
    expect([...kinds].filter((kind) => kind.startsWith('Cluster'))).toEqual([]);
  });

  it('of the hooks: make any Secret, look at two, and remove those', async () => {
    const objects = await render();
    const made = 'chat-flotilla-token-keys,chat-flotilla-redis';
    expect(lines(find(objects, 'Role', 'chat-flotilla-setup'))).toEqual(['create /secrets', `get /secrets ${made}`]);
    expect(lines(find(objects, 'Role', 'chat-flotilla-remove'))).toEqual([`get,delete /secrets ${made}`]);
  });
});
