import type { Kubectl } from '../programs/kubectl.ts';

/** Which machines play which part. */
export interface Nodes {
  /** Where the load and Redis are: nothing is done to it. */
  readonly safe: string;
  /** What is drained, stopped and cut off; null where there is one machine only. */
  readonly victim: string | null;
}

/** The machine with the control plane, or the first, is safe; the last of the others is the victim. */
export async function chooseNodes(kubectl: Kubectl): Promise<Nodes> {
  const { items } = (await kubectl.get('nodes')) as { items: { metadata: { name: string; labels: object } }[] };
  const names = items.map(({ metadata }) => metadata.name).sort();
  const first = items.find(({ metadata }) => 'node-role.kubernetes.io/control-plane' in metadata.labels);
  const safe = first?.metadata.name ?? names[0];
  if (safe === undefined) throw new Error('the cluster has no nodes');
  return { safe, victim: names.filter((name) => name !== safe).at(-1) ?? null };
}
