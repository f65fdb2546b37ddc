import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chartFolder, helm } from '../../chart/support/render.ts';
import { kubectl, listOf } from './kubectl.ts';

const NAMESPACE = `chart-hooks-${process.pid}`;
const HOOK = 'name: chat-flotilla-setup';

/** What an upgrade would apply, looked up at the API server. */
function upgrade(): Promise<string> {
  return helm([
    'template',
    'chat',
    chartFolder,
    '--namespace',
    NAMESPACE,
    '--is-upgrade',
    '--dry-run=server',
    '-f',
    '-',
  ]);
}

function secret(name: string, stringData: Readonly<Record<string, string>>): unknown {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: NAMESPACE }, stringData };
}

describe('the hook before an upgrade', () => {
  beforeAll(async () => {
    await kubectl(['create', 'namespace', NAMESPACE]);
  });

  afterAll(async () => {
    await kubectl(['delete', 'namespace', NAMESPACE, '--wait=false']);
  });

  it('is there while a Secret is missing or lacks its key, and else nothing waits for its image', async () => {
    const redis = secret('chat-flotilla-redis', { password: 'x' });
    await kubectl(['apply', '-f', '-'], listOf([redis, secret('chat-flotilla-token-keys', { other: 'x' })]));
    expect(await upgrade()).toContain(HOOK);
    await kubectl(['apply', '-f', '-'], listOf([secret('chat-flotilla-token-keys', { 'keys.json': '{}' })]));
    expect(await upgrade()).not.toContain(HOOK);
  });
});
