import { describe, expect, it } from '@jest/globals';
import { parseEnvironment } from './environment.ts';

const least = { KUBECONFIG: '/kube', FLOTILLA_TEST_REGISTRY: 'localhost:5000/' };

describe('the environment of the cluster tests', () => {
  it('needs a cluster and a registry only', () => {
    expect(parseEnvironment(least)).toMatchObject({
      registry: 'localhost:5000',
      tag: null,
      ingress: null,
      gateway: null,
      node: null,
      apiRestart: null,
      programs: { kubectl: 'kubectl', helm: 'helm', helm3: null, docker: 'docker' },
    });
  });

  it('takes a gateway by namespace and name, and commands in pairs', () => {
    const environment = parseEnvironment({
      ...least,
      FLOTILLA_TEST_GATEWAY: 'default/edge',
      FLOTILLA_TEST_NODE_CUT: 'cut {node}',
      FLOTILLA_TEST_NODE_HEAL: 'heal {node}',
    });
    expect(environment).toMatchObject({
      gateway: { namespace: 'default', name: 'edge' },
      link: { cut: 'cut {node}', heal: 'heal {node}' },
    });
  });

  it('tells every fault', () => {
    const wrong = { FLOTILLA_TEST_NODE_STOP: 'x', FLOTILLA_TEST_INGRESS: 'here', FLOTILLA_TEST_GATEWAY: 'edge' };
    expect(() => parseEnvironment(wrong)).toThrow(
      [
        'KUBECONFIG is missing',
        'FLOTILLA_TEST_NODE_STOP and FLOTILLA_TEST_NODE_START go together',
        'FLOTILLA_TEST_REGISTRY is missing',
        'FLOTILLA_TEST_INGRESS is no URL',
        'FLOTILLA_TEST_GATEWAY is no namespace/name',
      ].join('\n'),
    );
  });
});
