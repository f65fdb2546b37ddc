import { describe, expect, it } from '@jest/globals';
import { MemoryNotifyBus } from './memory-notify.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the bus in memory', () => {
  it('delivers in order and never within the call that publishes', async () => {
    const bus = new MemoryNotifyBus();
    const heard: string[] = [];
    await bus.subscribe(0, {
      notify: (notify) => heard.push(notify.type === 'canary' ? notify.id : notify.type),
      connected: () => heard.push('connected'),
      disconnected: () => heard.push('disconnected'),
    });
    bus.publish(0, { type: 'canary', id: '1' });
    bus.publish(0, { type: 'canary', id: '2' });
    expect(heard).toEqual(['connected']);
    await turn();
    expect(heard).toEqual(['connected', '1', '2']);
  });

  it('does not give a newcomer what was published before', async () => {
    const bus = new MemoryNotifyBus();
    const heard: string[] = [];
    bus.hint('map', 'early');
    await bus.subscribeHint('map', (text) => heard.push(text));
    bus.hint('map', 'late');
    await turn();
    expect(heard).toEqual(['late']);
  });

  it('calls nobody after its subscription was closed, even with what is under way', async () => {
    const bus = new MemoryNotifyBus();
    const heard: string[] = [];
    const subscription = await bus.subscribeHint('map', (text) => heard.push(text));
    bus.hint('map', '1');
    await subscription.close();
    await turn();
    expect(heard).toEqual([]);
  });
});
