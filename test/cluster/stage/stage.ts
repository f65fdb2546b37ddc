import type { TestEnvironment } from '../environment.ts';
import { Helm } from '../programs/helm.ts';
import type { Kubectl } from '../programs/kubectl.ts';
import type { Images } from './images.ts';
import { LoadPod, type LoadSize } from './load-pod.ts';
import { isHome, MapWatch } from './map-watch.ts';
import { chooseNodes, type Nodes } from './nodes.ts';
import { ReadyWatch } from './ready-watch.ts';
import { signalContainer } from './tool-pod.ts';
import { until } from './until.ts';
import { provideVolume, removeVolume } from './volume.ts';

/** Namespace of the release under load, and of the pods that act on machines. */
export const NAMESPACE = 'ct-flotilla';
const TOOLS_NAMESPACE = 'ct-tools';

/** Names of the release under load: `helm install chat`. */
export const RELEASE = 'chat';
export const FULLNAME = 'chat-flotilla';
/** Shards that every scenario finds and leaves. */
export const SHARDS = 3;
/** Arrivals a shard serves in a second: low, so that storms are long enough to be measured, and one machine can bear two. */
export const PACE = 160;
/** Where a test is about silence: how often it is broken, and after how much of it a client gives its connection up. */
const SHORT_HEARTBEAT = { heartbeatMs: 2_000, heartbeatTimeoutMs: 4_000 } as const;
export const SHORT_HEARTBEAT_TIMEOUT_MS = SHORT_HEARTBEAT.heartbeatTimeoutMs;

/** What a stage is made of. */
export interface StageParts {
  readonly env: TestEnvironment;
  readonly kubectl: Kubectl;
  readonly images: Images;
  readonly size: LoadSize;
}

/** A release under load, and what acts on it and watches it. */
export class Stage {
  readonly env: TestEnvironment;
  readonly images: Images;
  readonly nodes: Nodes;
  readonly size: LoadSize;
  readonly kubectl: Kubectl;
  readonly tools: Kubectl;
  readonly helm: Helm;
  readonly load: LoadPod;
  readonly maps: MapWatch;
  readonly ready: ReadyWatch;
  #hasShortHeartbeat = false;

  private constructor({ env, kubectl, images, size }: StageParts, nodes: Nodes) {
    this.env = env;
    this.images = images;
    this.nodes = nodes;
    this.size = size;
    this.kubectl = kubectl.in(NAMESPACE);
    this.tools = kubectl.in(TOOLS_NAMESPACE);
    this.helm = new Helm(env.programs.helm, NAMESPACE);
    this.load = new LoadPod(this.kubectl);
    this.maps = new MapWatch(this.kubectl, `${FULLNAME}-shardmap`);
    this.ready = new ReadyWatch(this.kubectl, RELEASE);
  }

  /** Installs the release into an empty namespace. */
  static async open(parts: StageParts): Promise<Stage> {
    const { env, images } = parts;
    const kubectl = parts.kubectl.in(NAMESPACE);
    await removeNamespace(kubectl);
    await createNamespace(kubectl, 'restricted');
    await createNamespace(kubectl.in(TOOLS_NAMESPACE), 'privileged');
    const nodes = await chooseNodes(kubectl);
    const volume = { kubectl, tools: kubectl.in(TOOLS_NAMESPACE), image: images.load, node: nodes.safe };
    await removeVolume(volume);
    await provideVolume({ ...volume, claim: `data-${FULLNAME}-redis-0` });
    await new Helm(env.programs.helm, NAMESPACE).install(RELEASE, valuesOf(env, images, nodes));
    const stage = new Stage(parts, nodes);
    await stage.untilHome(SHARDS);
    return stage;
  }

  /** The release that an earlier run left; null when there is none. */
  static async find(parts: StageParts): Promise<Stage | null> {
    const kubectl = parts.kubectl.in(NAMESPACE);
    if ((await kubectl.find('statefulset', `${FULLNAME}-im`)) === null) return null;
    return new Stage(parts, await chooseNodes(kubectl));
  }

  /** The values of the release; `tag` for another version than these sources'. */
  values(tag = this.images.tag): ReturnType<typeof valuesOf> {
    const values = valuesOf(this.env, { ...this.images, tag }, this.nodes);
    const { im } = values;
    const limits = { ...im.limits, ...(this.#hasShortHeartbeat ? SHORT_HEARTBEAT : {}) };
    return { ...values, im: { ...im, limits } };
  }

  /** Makes the shards and their clients notice silence early, from now on. */
  async shortenHeartbeat(): Promise<void> {
    if (this.#hasShortHeartbeat) return;
    this.#hasShortHeartbeat = true;
    await this.helm.upgrade(RELEASE, this.values(), false);
    await this.untilRolledOut(SHARDS);
  }

  /** Starts the load and waits until everybody is served. */
  async startLoad(): Promise<void> {
    const cluster = `${NAMESPACE}.${FULLNAME}`;
    const { kubectl, images, nodes, size } = this;
    await LoadPod.start({ kubectl, fullname: FULLNAME, cluster, image: images.load, node: nodes.safe }, size);
    await this.untilServed(60_000);
  }

  /** Waits until every client of the load is connected. */
  async untilServed(timeoutMs: number): Promise<void> {
    await until('every client connected', timeoutMs, async () => {
      const { connected, clients } = await this.load.status();
      const missing =
        clients.v1 + clients.plain + clients.socketIo - connected.v1 - connected.plain - connected.socketIo;
      if (missing > 0) throw new Error(`${missing} clients are not connected`);
      return true;
    });
  }

  /** Waits until so many shards are up, each with its own slots, and Kubernetes is done with them. */
  async untilHome(shards: number, timeoutMs = 120_000): Promise<void> {
    await until(`${shards} shards at home`, timeoutMs, async () => {
      const { epoch } = this.maps.current;
      if (!isHome(this.maps.current, shards)) throw new Error(`the map of epoch ${epoch} says otherwise`);
      const { spec, status } = await this.statefulSet();
      const pods = [spec.replicas, status.replicas, status.readyReplicas ?? 0, status.availableReplicas ?? 0];
      if (shards > 0 && pods.some((count) => count !== shards)) throw new Error(`pods: ${pods.join(', ')}`);
      const isCurrent = status.currentRevision === status.updateRevision || status.updatedReplicas === shards;
      return isCurrent ? true : null;
    });
  }

  /** Waits until all pods are of the newest template, and at home. */
  async untilRolledOut(shards: number): Promise<void> {
    await until('the end of the rollout', 180_000, async () => {
      const { metadata, status } = await this.statefulSet();
      const isSeen = status.observedGeneration === metadata.generation;
      return isSeen && status.currentRevision === status.updateRevision && status.readyReplicas === shards
        ? true
        : null;
    });
    await this.untilHome(shards);
  }

  async statefulSet(): Promise<StatefulSet> {
    const path = `/apis/apps/v1/namespaces/${NAMESPACE}/statefulsets/${FULLNAME}-im`;
    return JSON.parse(await this.kubectl.raw('GET', path)) as StatefulSet;
  }

  async scale(shards: number): Promise<void> {
    await this.kubectl.run(['scale', `statefulset/${FULLNAME}-im`, `--replicas=${shards}`]);
  }

  /** Sends a signal to a container's process. */
  signal(pod: string, container: string, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { tools, kubectl, images } = this;
    return signalContainer({ tools, kubectl, image: images.load }, pod, container, signal);
  }

  /** Runs a command in Redis. */
  redis(...command: readonly string[]): Promise<string> {
    const script = `REDISCLI_AUTH="$(cat /etc/flotilla/redis/password)" redis-cli ${command.join(' ')}`;
    return this.kubectl.run(['exec', `${FULLNAME}-redis-0`, '--', 'sh', '-c', script]);
  }

  /** The pod of the operator that leads. */
  async leader(): Promise<string> {
    const lease = (await this.kubectl.get('lease', `${FULLNAME}-operator`)) as { spec: { holderIdentity?: string } };
    const holder = lease.spec.holderIdentity;
    if (holder === undefined || holder === '') throw new Error('no operator leads');
    return holder;
  }

  /** The machine of a pod. */
  async nodeOf(pod: string): Promise<string> {
    return ((await this.kubectl.get('pod', pod)) as { spec: { nodeName: string } }).spec.nodeName;
  }

  /** Ids of the shards on a machine. */
  async shardsOn(node: string): Promise<number[]> {
    const pods = (await this.kubectl.get('pods', '-l', 'app.kubernetes.io/component=im')) as {
      items: { metadata: { name: string }; spec: { nodeName: string } }[];
    };
    const there = pods.items.filter(({ spec }) => spec.nodeName === node);
    return there.map(({ metadata }) => Number(metadata.name.split('-').at(-1)));
  }

  /** Takes everything away, unless it is to be kept. */
  async close(isKept = false): Promise<void> {
    this.maps.stop();
    this.ready.stop();
    if (isKept) return;
    const { kubectl, tools, images, nodes } = this;
    await removeNamespace(kubectl);
    await removeVolume({ kubectl, tools, image: images.load, node: nodes.safe });
    await removeNamespace(tools);
  }
}

/** What the tests read of a StatefulSet. */
export interface StatefulSet {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>>; readonly generation: number };
  readonly spec: { readonly replicas: number };
  readonly status: {
    /** The generation of the set that the rest is about. */
    readonly observedGeneration?: number;
    readonly replicas: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly updatedReplicas?: number;
    readonly currentRevision: string;
    readonly updateRevision: string;
  };
}

/** Makes a namespace that enforces a level of Pod Security. */
export async function createNamespace(kubectl: Kubectl, level: 'restricted' | 'privileged'): Promise<void> {
  const labels = { 'pod-security.kubernetes.io/enforce': level };
  await kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: kubectl.namespace, labels } });
}

/** Removes a namespace and waits until it is gone. */
export async function removeNamespace(kubectl: Kubectl): Promise<void> {
  await kubectl.delete('namespace', kubectl.namespace, '--timeout=120s');
}

/** Requests of CPU are what a busy machine shares itself out by: about what each part takes under this load. */
function valuesOf(env: TestEnvironment, { tag }: Images, { safe }: Nodes) {
  return {
    image: { registry: env.registry, tag },
    im: {
      initialReplicas: SHARDS,
      resources: { requests: { cpu: '350m' } },
      limits: {
        handshakesPerSecond: PACE,
        connectionsPerPod: 10_000,
      },
    },
    operator: { resources: { requests: { cpu: '50m' } } },
    redis: {
      embedded: {
        maxMemory: '1gb',
        // The file grows by 1 MB a second here, and a rewrite takes one of two cores for some seconds.
        rewriteFileFrom: '1gb',
        resources: { requests: { cpu: '250m' }, limits: { memory: '2Gi' } },
        persistence: { enabled: true },
        nodeSelector: { 'kubernetes.io/hostname': safe },
      },
    },
  };
}
