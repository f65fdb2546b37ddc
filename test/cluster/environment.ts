/** What the tests are told of the cluster that they run on. */
export interface TestEnvironment {
  /** What images are pushed to and pulled from, for example `localhost:5000`. */
  readonly registry: string;
  /** Tag of images that are in the registry already, made with the same program; null: they are built. */
  readonly tag: string | null;
  /** Where the cluster's Gateway or Ingress answers, for example `http://127.0.0.1:8000`; null: exposure is not tested. */
  readonly ingress: URL | null;
  /** The Gateway that answers there, `namespace/name`; null: routes are not tested. */
  readonly gateway: { readonly namespace: string; readonly name: string } | null;
  /** The IngressClass that answers there; null: ingresses are not tested. */
  readonly ingressClass: string | null;
  /** Where a pod reaches the same, for example `http://198.19.255.1:8000`; null: routes are tried from outside only. */
  readonly innerIngress: URL | null;
  /** The programs. `helm3` null: upgrades with Helm 3 are not tested. */
  readonly programs: {
    readonly kubectl: string;
    readonly helm: string;
    readonly helm3: string | null;
    readonly docker: string;
  };
  /** Commands that do to a machine what no API can; `{node}` stands for its name. Null: not tested. */
  readonly node: { readonly stop: string; readonly start: string } | null;
  readonly link: { readonly cut: string; readonly heal: string } | null;
  /** Ends the API server and starts it again; null: not tested. */
  readonly apiRestart: string | null;
}

/** What there is to say about the variables. */
export const ENVIRONMENT_HELP = `  KUBECONFIG                    the cluster; everything happens in namespaces that begin with "ct-"
  FLOTILLA_TEST_REGISTRY        what images are pushed to and pulled from: localhost:5000
  FLOTILLA_TEST_TAG             images of an earlier run with this tag, instead of new ones
  FLOTILLA_TEST_INGRESS         where the Gateway or Ingress answers: http://127.0.0.1:8000
  FLOTILLA_TEST_GATEWAY         the Gateway there, namespace/name
  FLOTILLA_TEST_INGRESS_CLASS   the IngressClass there
  FLOTILLA_TEST_INNER_INGRESS   where a pod reaches the same
  FLOTILLA_TEST_NODE_STOP, _START, _CUT, _HEAL   commands that do this to a machine, "{node}" stands for its name
  FLOTILLA_TEST_API_RESTART     command that ends the API server and starts it again
  FLOTILLA_TEST_HELM3           path of Helm 3
  KUBECTL, HELM, DOCKER         paths of these programs, where they are not on the PATH`;

/** Reads the environment. @throws Error with every fault, a line each */
export function parseEnvironment(env: NodeJS.ProcessEnv): TestEnvironment {
  const faults: string[] = [];
  const text = (name: string): string | null => env[name] || null;
  const needed = (name: string): string => {
    const value = text(name);
    if (value === null) faults.push(`${name} is missing`);
    return value ?? '';
  };
  const url = (name: string): URL | null => {
    const value = text(name);
    if (value === null || URL.canParse(value)) return value === null ? null : new URL(value);
    faults.push(`${name} is no URL`);
    return null;
  };
  const pair = (first: string, second: string): [string, string] | null => {
    const [one, two] = [text(first), text(second)];
    if ((one === null) !== (two === null)) faults.push(`${first} and ${second} go together`);
    return one === null || two === null ? null : [one, two];
  };
  needed('KUBECONFIG');
  const node = pair('FLOTILLA_TEST_NODE_STOP', 'FLOTILLA_TEST_NODE_START');
  const link = pair('FLOTILLA_TEST_NODE_CUT', 'FLOTILLA_TEST_NODE_HEAL');
  const environment: TestEnvironment = {
    registry: needed('FLOTILLA_TEST_REGISTRY').replace(/\/+$/, ''),
    tag: text('FLOTILLA_TEST_TAG'),
    ingress: url('FLOTILLA_TEST_INGRESS'),
    gateway: gatewayOf(text('FLOTILLA_TEST_GATEWAY'), faults),
    ingressClass: text('FLOTILLA_TEST_INGRESS_CLASS'),
    innerIngress: url('FLOTILLA_TEST_INNER_INGRESS'),
    programs: {
      kubectl: text('KUBECTL') ?? 'kubectl',
      helm: text('HELM') ?? 'helm',
      helm3: text('FLOTILLA_TEST_HELM3'),
      docker: text('DOCKER') ?? 'docker',
    },
    node: node && { stop: node[0], start: node[1] },
    link: link && { cut: link[0], heal: link[1] },
    apiRestart: text('FLOTILLA_TEST_API_RESTART'),
  };
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return environment;
}

function gatewayOf(text: string | null, faults: string[]): TestEnvironment['gateway'] {
  if (text === null) return null;
  const [namespace = '', name = '', ...rest] = text.split('/');
  if (namespace === '' || name === '' || rest.length > 0) faults.push('FLOTILLA_TEST_GATEWAY is no namespace/name');
  return { namespace, name };
}
