import { describe, expect, it } from '@jest/globals';
import { operatorRights, type Right } from '../support/operator-rights.ts';
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

const NAMES = { set: 'chat-flotilla-im', map: 'chat-flotilla-shardmap', lease: 'chat-flotilla-operator' };

function lineOf({ resource, verbs, name }: Right): string {
  return `${verbs.join(',')} ${resource}${name === null ? '' : ` ${name}`}`;
}

const gateway = { type: 'httpRoute', host: 'a.example', httpRoute: { parentRefs: [{ name: 'edge' }] } };

describe('the operator’s rights', () => {
  it.each([
    ['as it comes', {}, null],
    ['with a Gateway', { exposure: gateway }, 'HTTPRoute'],
    ['with an Ingress', { exposure: { type: 'ingress', host: 'a.example' } }, 'Ingress'],
  ] as const)('are those that it needs and no other, %s', async (_, values, routes) => {
    const role = find(await render({ values }), 'Role', 'chat-flotilla-operator');
    expect(lines(role).sort()).toEqual(operatorRights(NAMES, routes).map(lineOf).sort());
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
