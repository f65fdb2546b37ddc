import { afterEach } from '@jest/globals';
import { createKubernetesScene, type KubernetesScene } from './kubernetes-scene.ts';
import type { OperatorProcess } from './operator-process.ts';

/** A scene with its operator. */
type SteadyScene = KubernetesScene & { readonly operator: OperatorProcess };

/** For the tests of one file: makes such a scene, which is closed when the test ends. */
export function steadyScenes(): () => Promise<SteadyScene> {
  const open: SteadyScene[] = [];
  afterEach(async () => {
    for (const scene of open.splice(0)) await scene.close();
  });
  return async () => {
    const scene = await createSteadyScene();
    open.push(scene);
    return scene;
  };
}

/** Four shards that have been heard for so long that Redis is proven to be well. */
async function createSteadyScene(): Promise<SteadyScene> {
  const scene = await createKubernetesScene();
  try {
    scene.scale(4);
    const operator = scene.start();
    await scene.untilUp(4);
    await passes(8_000);
    return { ...scene, operator };
  } catch (error) {
    await scene.close();
    throw error;
  }
}

/** So much time: what must not happen has to be waited for. */
export function passes(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
