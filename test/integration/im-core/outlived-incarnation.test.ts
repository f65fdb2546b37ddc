import { expect, it } from '@jest/globals';
import { startPods, untilAsync } from './pods.ts';

it('a connection that was written under an incarnation that its pod gave up meanwhile is written again', async () => {
  const pods = await startPods();
  try {
    const { presence, leases } = pods.store;
    const connect = presence.connect.bind(presence);
    const incarnation = async (): Promise<string | undefined> => (await leases.list())[0]?.incarnation;
    const before = (await incarnation()) ?? '';
    // The answer comes once the pod has lost its lease and has another.
    Object.assign(presence, {
      connect: async (request: Parameters<typeof connect>[0]) => {
        const result = await connect(request);
        await leases.release(before);
        await untilAsync(async () => ![undefined, before].includes(await incarnation()));
        return result;
      },
    });
    await pods.welcomed('alice');
    const now = await incarnation();
    await untilAsync(async () => (await presence.connections('alice'))[0]?.incarnation === now);
    expect(await presence.connections('alice')).toHaveLength(1);
  } finally {
    await pods.close();
  }
});
