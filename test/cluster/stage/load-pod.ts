import type { LoadReport, LoadStatus } from '../load/ledger/report.ts';
import type { ApiObject, Kubectl } from '../programs/kubectl.ts';
import { until } from './until.ts';

/** The numbers of the load. */
export interface LoadSize {
  readonly v1: number;
  readonly plain: number;
  readonly socketIo: number;
  readonly channels: number;
  readonly inboxPerSecond: number;
  readonly channelPerSecond: number;
}

/**
 * More than 2,000 connections, more than 500 durable messages a second. Each client gets three in two seconds, so that of
 * a hundred that wait a tenth of a second at least ten see it.
 */
export const FULL_LOAD: LoadSize = Object.freeze({
  v1: 1_840,
  plain: 100,
  socketIo: 100,
  channels: 51,
  inboxPerSecond: 460,
  channelPerSecond: 65,
});

const PORT = 8080;
const NAME = 'load';
const PATIENCE_MS = 10_000;
/** Below the pace of three shards. */
const CONNECT_PER_SECOND = 300;

/** What the load pod needs of the release beside which it runs, as any microservice does. */
export interface LoadPlace {
  readonly kubectl: Kubectl;
  readonly fullname: string;
  readonly cluster: string;
  readonly image: string;
  readonly node: string;
}

/** The load, by way of the API server: no address of a pod need be reachable from here. */
export class LoadPod {
  readonly #kubectl: Kubectl;

  constructor(kubectl: Kubectl) {
    this.#kubectl = kubectl;
  }

  /** Makes the pod, unless it is there; returns when it answers. */
  static async start(place: LoadPlace, size: LoadSize): Promise<LoadPod> {
    const { kubectl } = place;
    await kubectl.apply(podOf(place, size));
    await kubectl.run(['wait', '--for=condition=Ready', `pod/${NAME}`, '--timeout=60s']);
    return new LoadPod(kubectl);
  }

  async status(): Promise<LoadStatus> {
    return (await this.#ask('GET', 'status')) as LoadStatus;
  }

  async report(): Promise<LoadReport> {
    return (await this.#ask('GET', 'report')) as LoadReport;
  }

  /** The shard that serves each `flotilla.v1` client, in their order. */
  async places(): Promise<(number | null)[]> {
    return (await this.#ask('GET', 'places')) as (number | null)[];
  }

  async tell(command: 'mark' | 'pause' | 'resume' | 'join'): Promise<void> {
    await this.#ask('POST', command);
  }

  /** Every command may be given twice; what is on the way to the pod may be restarted by the test itself. */
  #ask(method: 'GET' | 'POST', command: string): Promise<unknown> {
    return until(
      `an answer of the load to ${command}`,
      PATIENCE_MS,
      async () => JSON.parse(await this.#kubectl.raw(method, this.#path(command))) as unknown,
    );
  }

  #path(command: string): string {
    return `/api/v1/namespaces/${this.#kubectl.namespace}/pods/${NAME}:${PORT}/proxy/${command}`;
  }
}

function podOf({ fullname, cluster, image, node }: LoadPlace, size: LoadSize): ApiObject {
  const env = {
    LOAD_PORT: PORT,
    LOAD_V1: size.v1,
    LOAD_PLAIN: size.plain,
    LOAD_SOCKET_IO: size.socketIo,
    LOAD_CHANNELS: size.channels,
    LOAD_INBOX_PER_SECOND: size.inboxPerSecond,
    LOAD_CHANNEL_PER_SECOND: size.channelPerSecond,
    LOAD_CONNECT_PER_SECOND: CONNECT_PER_SECOND,
    FLOTILLA_CLUSTER: cluster,
    FLOTILLA_REDIS_URL: `redis://${fullname}-redis:6379`,
    FLOTILLA_REDIS_PASSWORD_FILE: '/etc/flotilla/redis/password',
    FLOTILLA_TOKEN_KEYS_FILE: '/etc/flotilla/token-keys/keys.json',
  };
  const secrets = { redis: `${fullname}-redis`, 'token-keys': `${fullname}-token-keys` };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: NAME },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      nodeSelector: { 'kubernetes.io/hostname': node },
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'load',
          image,
          env: Object.entries(env).map(([name, value]) => ({ name, value: String(value) })),
          readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 1 },
          resources: { requests: { cpu: '500m', memory: '256Mi' }, limits: { memory: '2Gi' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          volumeMounts: Object.keys(secrets).map((name) => ({
            name,
            mountPath: `/etc/flotilla/${name}`,
            readOnly: true,
          })),
        },
      ],
      volumes: Object.entries(secrets).map(([name, secretName]) => ({
        name,
        secret: { secretName, defaultMode: 0o440 },
      })),
    },
  };
}
