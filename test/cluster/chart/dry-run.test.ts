import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ciValues, render, type Rendered } from '../../chart/support/render.ts';
import { kubectl, listOf } from './kubectl.ts';

const NAMESPACE = `chart-dry-run-${process.pid}`;
/** Kinds of operators that a cluster may not have; everything else it must know. */
const OPTIONAL = new Set(['ServiceMonitor', 'PrometheusRule', 'HTTPRoute']);

/** A namespace that warns of every pod that is not restricted, also of those that a template would make. */
const namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: NAMESPACE,
    labels: {
      'pod-security.kubernetes.io/warn': 'restricted',
      'pod-security.kubernetes.io/enforce': 'restricted',
    },
  },
};

async function servedKinds(): Promise<Set<string>> {
  const { stdout } = await kubectl(['api-resources', '--no-headers', '-o', 'wide']);
  const kinds = stdout.split('\n').map((line) => /(?:true|false)\s+(\w+)\s/u.exec(line)?.[1]);
  return new Set(kinds.filter((kind) => kind !== undefined));
}

describe('a real API server', () => {
  beforeAll(async () => {
    await kubectl(['apply', '-f', '-'], listOf([namespace]));
  });

  afterAll(async () => {
    await kubectl(['delete', 'namespace', NAMESPACE, '--wait=false']);
  });

  it.each([...ciValues.keys()])('takes every object with ci/%s, and warns of nothing', async (name) => {
    const objects = await render({ namespace: NAMESPACE, values: ciValues.get(name) });
    const kinds = await servedKinds();
    const checked = objects.filter(({ kind }: Rendered) => kinds.has(kind) || !OPTIONAL.has(kind));
    // A pod is admitted only where its account is.
    const accounts = objects.filter(({ kind }) => kind === 'ServiceAccount');
    await kubectl(['apply', '--server-side', '--field-manager=helm', '-f', '-'], listOf(accounts));
    const args = ['apply', '--server-side', '--dry-run=server', '--field-manager=helm', '--validate=strict', '-f', '-'];
    const { stdout, stderr } = await kubectl(args, listOf(checked));
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toHaveLength(checked.length);
  });
});
