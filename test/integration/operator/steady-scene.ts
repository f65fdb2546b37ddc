import { createKubernetesScene, type KubernetesScene } from './kubernetes-scene.ts';
import type { OperatorProcess } from './operator-process.ts';

/** A scene with its operator. */
export type SteadyScene = KubernetesScene & { readonly operator: OperatorProcess };

/** Four shards that have been heard for so long that Redis is proven to be well. Close it. */
export async function createSteadyScene(): Promise<SteadyScene> {
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
