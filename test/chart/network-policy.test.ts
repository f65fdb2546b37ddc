import { describe, expect, it } from '@jest/globals';
import { find, render, type Rendered, specOf } from './support/render.ts';

const shop = { namespaceSelector: { matchLabels: { name: 'shop' } } };

async function policies(networkPolicy: object, values: object = {}): Promise<Rendered[]> {
  return await render({ values: { ...values, networkPolicy: { enabled: true, ...networkPolicy } } });
}

describe('network policies', () => {
  it('are off as they come', async () => {
    expect((await render()).filter(({ kind }) => kind === 'NetworkPolicy')).toEqual([]);
  });

  it('let a shard out to names and Redis, and not to the API server', async () => {
    const { egress } = specOf(await policies({}), 'NetworkPolicy', 'chat-flotilla-im');
    const ports = (egress as { ports: { port: number }[] }[]).flatMap((rule) => rule.ports.map(({ port }) => port));
    expect(ports).toEqual([53, 53, 6379]);
  });

  it('let the embedded Redis be used by Flotilla and the microservices named', async () => {
    const spec = specOf(await policies({ microservices: [shop] }), 'NetworkPolicy', 'chat-flotilla-redis');
    const [rule] = spec['ingress'] as { from: unknown[] }[];
    expect(rule?.from).toHaveLength(5);
    expect(rule?.from).toContainEqual(shop);
    expect(spec['egress']).toEqual([]);
  });

  it('let helm test reach the shards where clients are named', async () => {
    expect(specOf(await policies({ clients: [shop] }), 'NetworkPolicy', 'chat-flotilla-im')).toMatchObject({
      ingress: [
        { from: [shop] },
        { from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/component': 'check' } } }] },
      ],
    });
  });

  it('let hooks out before anything else is there', async () => {
    const setup = find(await policies({}), 'NetworkPolicy', 'chat-flotilla-setup');
    expect(Number(setup.metadata.annotations?.['helm.sh/hook-weight'])).toBeLessThan(-10);
  });
});
