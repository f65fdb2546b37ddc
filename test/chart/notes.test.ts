import { describe, expect, it } from '@jest/globals';
import { chartFolder, helm } from './support/render.ts';

/** What Helm tells of a release after it was installed. */
async function notes(values: unknown): Promise<string> {
  const install = ['install', 'chat', chartFolder, '--namespace', 'messaging', '--dry-run=client', '-f', '-'];
  const [, text = ''] = (await helm(install, values)).split('\nNOTES:\n');
  return text;
}

const demo = { enabled: true };
const inside = /inside the cluster only/u;

describe('the notes', () => {
  it('say that nobody outside reaches a shard, where nothing leads there', async () => {
    const text = await notes({ demo });
    expect(text).toContain(
      'Clients reach a shard at ws://chat-flotilla-im-s{shard}.messaging.svc:8080/s/{shard}\nwhich is inside',
    );
    expect(text.match(new RegExp(inside, 'gu'))).toHaveLength(2);
  });

  it.each([
    ['a public URL of its own', { exposure: { publicUrl: 'ws://127.0.0.1:809{shard}/s/{shard}' } }],
    [
      'load balancers',
      { shardService: { type: 'LoadBalancer' }, exposure: { publicUrl: 'wss://s{shard}.example.com/s/{shard}' } },
    ],
    ['an Ingress', { exposure: { type: 'ingress', host: 'chat.example.com' } }],
  ])('say so no more with %s', async (_way, values) => {
    const text = await notes({ demo, ...values });
    expect(text).toMatch(/Clients reach a shard at wss?:/u);
    expect(text).not.toMatch(inside);
  });

  it('tell where the page of the demo is', async () => {
    expect(await notes({ demo, exposure: { type: 'ingress', host: 'chat.example.com' } })).toContain(
      'The demo: https://chat.example.com/',
    );
    expect(await notes({ demo, exposure: { publicUrl: 'wss://edge.example.com/s/{shard}' } })).toContain(
      'port-forward service/chat-flotilla-demo 8080',
    );
  });
});
