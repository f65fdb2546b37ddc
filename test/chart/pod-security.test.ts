import { describe, expect, it } from '@jest/globals';
import { ciValues, podOf, type PodSpec, render } from './support/render.ts';

async function pods(values: unknown): Promise<[string, PodSpec][]> {
  const objects = await render({ values });
  return objects.flatMap((object) => {
    const pod = podOf(object);
    return pod === undefined ? [] : [[`${object.kind}/${object.metadata.name}`, pod] as [string, PodSpec]];
  });
}

describe('every pod', () => {
  it.each([...ciValues.keys()])('is restricted with ci/%s', async (name) => {
    for (const [, { securityContext, containers }] of await pods(ciValues.get(name))) {
      expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      for (const container of containers) {
        expect(container.securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        });
      }
    }
  });

  it('has a read-only root and no links to Services in its environment', async () => {
    for (const [, { enableServiceLinks, containers }] of await pods({ demo: { enabled: true } })) {
      expect(enableServiceLinks).toBe(false);
      expect(containers[0]?.securityContext).toMatchObject({ readOnlyRootFilesystem: true });
    }
  });

  it('has no token for the API server, but the operator’s and the hooks’', async () => {
    const all = await pods({ demo: { enabled: true } });
    const withToken = all.filter(([, pod]) => pod.automountServiceAccountToken !== false).map(([name]) => name);
    expect(withToken.sort()).toEqual([
      'Deployment/chat-flotilla-operator',
      'Job/chat-flotilla-remove',
      'Job/chat-flotilla-setup',
    ]);
  });
});
