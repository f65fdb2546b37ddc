import { describe, expect, it } from '@jest/globals';
import { environmentOf } from './support/environment.ts';
import { containerOf, find, podOf, render, type Rendered } from './support/render.ts';

async function demo(files: unknown): Promise<Rendered> {
  return find(
    await render({ values: { demo: { enabled: true, ...(files === null ? {} : { files }) } } }),
    'Deployment',
    'chat-flotilla-demo',
  );
}

describe('the files that people send each other', () => {
  it('are written to a folder of their own, since the root is read-only', async () => {
    const object = await demo(null);
    const mountPath = environmentOf(object)['FLOTILLA_FILES_DIR'];
    expect(mountPath).toBeDefined();
    expect(containerOf(object).volumeMounts).toContainEqual({ name: 'files', mountPath });
    expect(podOf(object)?.volumes).toContainEqual({ name: 'files', emptyDir: { sizeLimit: '2Gi' } });
  });

  it('have the room that was given', async () => {
    expect(podOf(await demo({ sizeLimit: '500Mi' }))?.volumes).toContainEqual({
      name: 'files',
      emptyDir: { sizeLimit: '500Mi' },
    });
  });

  it('outlive the pod on a claim', async () => {
    expect(podOf(await demo({ existingClaim: 'chat-files' }))?.volumes).toContainEqual({
      name: 'files',
      persistentVolumeClaim: { claimName: 'chat-files' },
    });
  });

  it('are not given a size that is none', async () => {
    await expect(demo({ sizeLimit: 'much' })).rejects.toThrow(/sizeLimit/u);
  });
});
