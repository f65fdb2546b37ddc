import { describe, expect, it } from '@jest/globals';
import { podOf, render } from './support/render.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

async function images(values: object): Promise<string[]> {
  const objects = await render({ values: { demo: { enabled: true }, ...values } });
  const all = objects.flatMap((object) => podOf(object)?.containers ?? []);
  return [...new Set(all.map(({ image }) => image))].sort();
}

describe('images', () => {
  it('come from where each is published', async () => {
    expect(await images({})).toEqual([
      'docker.io/redis:7',
      'ghcr.io/flotilla-im/flotilla/demo:0.1.0',
      'ghcr.io/flotilla-im/flotilla/im:0.1.0',
      'ghcr.io/flotilla-im/flotilla/operator:0.1.0',
    ]);
  });

  it('come from one registry where that is given, Redis by its own tag', async () => {
    expect(await images({ image: { registry: 'localhost:5000', tag: 'dev' } })).toEqual([
      'localhost:5000/flotilla/demo:dev',
      'localhost:5000/flotilla/im:dev',
      'localhost:5000/flotilla/operator:dev',
      'localhost:5000/redis:7',
    ]);
  });

  it('are taken by digest, from a registry of their own', async () => {
    const all = await images({ im: { image: { registry: 'other.example', repository: 'im', digest } } });
    expect(all).toContain(`other.example/im@${digest}`);
  });

  it('are pulled with the Secrets given, by every pod', async () => {
    const objects = await render({ values: { demo: { enabled: true }, image: { pullSecrets: ['registry'] } } });
    for (const pod of objects.flatMap((object) => podOf(object) ?? [])) {
      expect(pod.imagePullSecrets).toEqual([{ name: 'registry' }]);
    }
  });
});
