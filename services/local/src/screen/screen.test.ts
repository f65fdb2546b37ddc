import { describe, expect, test } from '@jest/globals';
import { renderScreen, type ScreenContent } from './screen.ts';

const content: ScreenContent = {
  demo: 'http://127.0.0.1:8080',
  redis: 'redis://127.0.0.1:6380 (Redis 7.0.15, from the PATH)',
  cluster: 'local',
  prefix: 'fl1:local:',
  tokenKeysFile: '/p/.flotilla/token-keys.json',
  logs: '/p/.flotilla/logs',
  shards: [
    { id: 0, url: 'ws://127.0.0.1:9100/s/0', state: 'up', connections: 12, slots: 2048 },
    { id: 1, url: 'ws://127.0.0.1:9101/s/1', state: 'draining', connections: 0, slots: 0 },
  ],
  notes: [],
  isInteractive: true,
};

describe('the screen', () => {
  test('shows where everything is and what can be done', () => {
    expect(renderScreen(content)).toMatchInlineSnapshot(`
"
Flotilla is running.

  Demo        http://127.0.0.1:8080
  Redis       redis://127.0.0.1:6380 (Redis 7.0.15, from the PATH)
  Cluster     local, keys fl1:local:…
  Token keys  /p/.flotilla/token-keys.json
  Logs        /p/.flotilla/logs

  Shard  Address                  Connections  Slots
  0      ws://127.0.0.1:9100/s/0           12   2048
  1      ws://127.0.0.1:9101/s/1            0      0  draining

  npm run scale -- 5    to 5 shards, up or down
  npm run restart -- 1  restarts shard 1: its slots are lent, then home again
  npm run kill -- 1     kills shard 1 without a goodbye
  Ctrl-C                stops everything started here; Enter shows this again
"
`);
  });

  test('says nothing of Enter where nobody can press it, and ends with what has to be said besides', () => {
    const text = renderScreen({
      ...content,
      prefix: null,
      isInteractive: false,
      notes: ['Everything runs in one process.'],
    });
    expect(text).not.toContain('Enter');
    expect(text).toMatch(/\n\nEverything runs in one process\.\n$/u);
  });
});
