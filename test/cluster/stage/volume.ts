import type { Kubectl } from '../programs/kubectl.ts';
import { runOnNode } from './tool-pod.ts';

/** Uid of Redis in its image, as the chart has it. */
const REDIS_UID = 999;

/** Where the volume comes from. */
export interface VolumePlace {
  readonly kubectl: Kubectl;
  readonly tools: Kubectl;
  readonly image: string;
  readonly node: string;
  /** The claim that is to get it. */
  readonly claim: string;
}

/** Makes sure that a claim without a class gets a volume: by the cluster's default class, else one made here by hand. */
export async function provideVolume({ kubectl, tools, image, node, claim }: VolumePlace): Promise<void> {
  if (await hasDefaultClass(kubectl)) return;
  const path = pathOf(kubectl.namespace);
  const script = `const fs=require('fs');for(const f of fs.readdirSync('/host'))fs.rmSync('/host/'+f,{recursive:true});fs.chownSync('/host',${REDIS_UID},${REDIS_UID})`;
  await runOnNode(tools, { node, image, args: ['-e', script], hostFolder: path });
  await kubectl.apply({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: kubectl.namespace },
    spec: {
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path },
      claimRef: { namespace: kubectl.namespace, name: claim },
    },
  });
}

/** Takes away what {@link provideVolume} made; nothing when that was nothing. */
export async function removeVolume({ kubectl, tools, image, node }: Omit<VolumePlace, 'claim'>): Promise<void> {
  if ((await kubectl.find('persistentvolume', kubectl.namespace)) === null) return;
  await kubectl.delete('persistentvolume', kubectl.namespace);
  const script = `require('fs').rmSync('/host/${kubectl.namespace}',{recursive:true,force:true})`;
  await runOnNode(tools, { node, image, args: ['-e', script], hostFolder: FOLDER });
}

const FOLDER = '/var/lib/flotilla-cluster-tests';

function pathOf(namespace: string): string {
  return `${FOLDER}/${namespace}`;
}

async function hasDefaultClass(kubectl: Kubectl): Promise<boolean> {
  const { items } = (await kubectl.get('storageclass')) as {
    items: { metadata: { annotations?: Record<string, string> } }[];
  };
  return items.some(({ metadata }) => metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true');
}
