import type { Figure } from '../measure/figure.ts';
import type { TestEnvironment } from '../environment.ts';
import { Helm } from '../programs/helm.ts';
import type { Kubectl } from '../programs/kubectl.ts';
import type { Images } from '../stage/images.ts';
import { createNamespace, RELEASE, removeNamespace } from '../stage/stage.ts';
import { until } from '../stage/until.ts';

const LONG = 'a-release-with-a-name-as-long-as-helm-takes-it-fifty';
const NAMESPACE = 'ct-neighbours';
const OTHER_NAMESPACE = 'ct-elsewhere';

/**
 * Releases side by side, each tested by itself: two in a namespace, one with a long name, one of the same name in another
 * namespace, with routes and an ingress where there are such. Then all are uninstalled, and nothing may be left.
 */
export async function playReleases(env: TestEnvironment, all: Kubectl, { tag }: Images): Promise<Figure[]> {
  const kubectl = all.in(NAMESPACE);
  const elsewhere = all.in(OTHER_NAMESPACE);
  const common = { image: { registry: env.registry, tag }, im: { initialReplicas: 2 }, operator: { replicas: 1 } };
  const places: { kubectl: Kubectl; neighbours: { release: string; values: object }[] }[] = [
    {
      kubectl,
      neighbours: [
        { release: LONG, values: {} },
        { release: 'other', values: { fullnameOverride: 'quite-another' } },
      ],
    },
    { kubectl: elsewhere, neighbours: [{ release: RELEASE, values: {} }] },
  ];
  const figures: Figure[] = [];
  try {
    for (const { kubectl: at, neighbours } of places) {
      await removeNamespace(at);
      await createNamespace(at, 'restricted');
      const helm = new Helm(env.programs.helm, at.namespace);
      for (const { release, values } of neighbours) await helm.install(release, { ...common, ...values });
    }
    for (const { kubectl: at, neighbours } of places) {
      const helm = new Helm(env.programs.helm, at.namespace);
      for (const { release } of neighbours) {
        await untilScaled(at, release);
        await helm.test(release);
      }
      figures.push({ what: `releases in ${at.namespace} that pass helm test`, value: neighbours.length, bound: null });
      if (at === elsewhere) figures.push(...(await playExposures(at, helm, env, common)));
      for (const { release } of neighbours) await helm.uninstall(release);
      const left = await leftovers(at);
      figures.push({
        what: `objects left in ${at.namespace}: ${left.join(', ') || 'none'}`,
        value: left.length,
        bound: { atMost: 0 },
      });
    }
    return figures;
  } finally {
    await removeNamespace(kubectl);
    await removeNamespace(elsewhere);
  }
}

/** Exposes a release that is there in each way that there is, and tests it by its routes. */
async function playExposures(kubectl: Kubectl, helm: Helm, env: TestEnvironment, common: object): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const values of exposures(env)) {
    await helm.upgrade(RELEASE, { ...common, ...values }, true);
    const { type } = values['exposure'] as { type: string };
    await until(`the demo by its ${type}`, 60_000, async () => {
      const answer = await fetch(env.ingress ?? '');
      return answer.ok ? true : null;
    });
    await until(`helm test by its ${type}`, 60_000, async () => {
      await helm.test(RELEASE);
      return true;
    });
    figures.push({ what: `exposed by ${type}, passes helm test`, value: 1, bound: { atLeast: 1 } });
  }
  await untilScaled(kubectl, RELEASE);
  return figures;
}

/** The values of each way to expose a release that there is here. */
function exposures({ gateway, ingress, ingressClass, innerIngress }: TestEnvironment): Record<string, unknown>[] {
  if (ingress === null) return [];
  const common = { publicUrl: `ws://${ingress.host}/s/{shard}`, tls: { enabled: false } };
  const check = innerIngress === null ? { routes: false } : { routeUrl: `ws://${innerIngress.host}/s/{shard}` };
  const demo = { enabled: true };
  const byRoute = { ...common, type: 'httpRoute', httpRoute: { parentRefs: [gateway] } };
  const byIngress = { ...common, type: 'ingress', ingress: { className: ingressClass } };
  return [
    ...(gateway === null ? [] : [{ exposure: byRoute, check, demo }]),
    ...(ingressClass === null ? [] : [{ exposure: byIngress, check, demo }]),
  ];
}

/** `helm install --wait` knows one shard; the operator makes more of it. */
async function untilScaled(kubectl: Kubectl, release: string): Promise<void> {
  await until(`the shards of ${release}`, 120_000, async () => {
    const labels = `app.kubernetes.io/instance=${release},app.kubernetes.io/component=im`;
    const { items } = (await kubectl.get('statefulsets', '-l', labels)) as {
      items: { spec: { replicas: number }; status: { readyReplicas?: number } }[];
    };
    const [set] = items;
    return set?.spec.replicas === 2 && set.status.readyReplicas === 2 ? true : null;
  });
}

/** What is in a namespace beyond what every namespace has. */
export async function leftovers(kubectl: Kubectl): Promise<string[]> {
  const kinds = (await kubectl.run(['api-resources', '--verbs=list', '--namespaced', '-o', 'name']))
    .split('\n')
    .filter((kind) => kind !== '' && !/^(events|pods\.metrics|endpointslices)/.test(kind));
  return until('an empty namespace', 60_000, async () => {
    const names = (await kubectl.run(['get', kinds.join(','), '-o', 'name'])).split('\n');
    const left = names.filter((name) => name !== '' && !/\/(default|kube-root-ca\.crt)$/.test(name));
    if (left.length > 0) throw new Error(`there are ${left.join(', ')}`);
    return left;
  }).catch((error: unknown) => [String(error)]);
}
