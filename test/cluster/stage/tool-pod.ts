import type { ApiObject, Kubectl } from '../programs/kubectl.ts';
import { until } from './until.ts';

/** What a tool pod does on one machine, as root. */
export interface ToolJob {
  readonly node: string;
  readonly image: string;
  /** Arguments of `node`. */
  readonly args: readonly string[];
  /** Whether it sees the machine's processes. */
  readonly hostPid?: boolean;
  /** A folder of the machine that it has as `/host`. */
  readonly hostFolder?: string;
}

/** Runs a program on a machine to its end; what it wrote. @throws Error with that when it fails */
export async function runOnNode(kubectl: Kubectl, job: ToolJob): Promise<string> {
  const name = `tool-${Date.now().toString(36)}-${Math.floor(Math.random() * 1e6).toString(36)}`;
  await kubectl.apply(toolPod(name, job));
  try {
    const phase = await until(`the end of ${job.args.join(' ')} on ${job.node}`, 60_000, async () => {
      const pod = (await kubectl.get('pod', name)) as { status: { phase: string } };
      return ['Succeeded', 'Failed'].includes(pod.status.phase) ? pod.status.phase : null;
    });
    const said = await kubectl.run(['logs', name]);
    if (phase === 'Failed') throw new Error(`${job.args.join(' ')} failed on ${job.node}: ${said}`);
    return said;
  } finally {
    await kubectl.delete('pod', name, '--wait=false');
  }
}

function toolPod(name: string, { node, image, args, hostPid = false, hostFolder }: ToolJob): ApiObject {
  const volumes =
    hostFolder === undefined ? [] : [{ name: 'host', hostPath: { path: hostFolder, type: 'DirectoryOrCreate' } }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      nodeName: node,
      hostPID: hostPid,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      tolerations: [{ operator: 'Exists' }],
      volumes,
      containers: [
        {
          name: 'tool',
          image,
          args,
          securityContext: { runAsUser: 0, privileged: true },
          volumeMounts: volumes.map((volume) => ({ name: volume.name, mountPath: '/host' })),
        },
      ],
    },
  };
}

/** Sends a signal to the process of a container, from outside of it. */
export async function signalContainer(
  { tools, kubectl, image }: { tools: Kubectl; kubectl: Kubectl; image: string },
  pod: string,
  container: string,
  signal: 'SIGKILL' | 'SIGTERM',
): Promise<void> {
  const object = (await kubectl.get('pod', pod)) as {
    spec: { nodeName: string };
    status: { containerStatuses: { name: string; containerID: string }[] };
  };
  const status = object.status.containerStatuses.find(({ name }) => name === container);
  if (status === undefined) throw new Error(`${pod} has no container ${container}`);
  const id = status.containerID.replace(/^.*:\/\//, '');
  await runOnNode(tools, { node: object.spec.nodeName, image, args: ['/app/signal.js', id, signal], hostPid: true });
}
