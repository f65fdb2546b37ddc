import { createImClient, type ImOptions } from '../src/freeim/index.ts';
import { mapOf, setup } from './setup.ts';

/** FreeIM's client over a store in memory with a map of two shards. */
export async function setupIm(options: ImOptions = {}) {
  const { im: flotilla, store, shard } = await setup();
  await store.map.publish(mapOf(2, 1));
  await flotilla.fleet.current();
  const inbox = async (clientId: string): Promise<unknown[]> => {
    const data: unknown[] = [];
    for await (const message of flotilla.history.inbox(clientId)) data.push(message.data);
    return data;
  };
  return { im: createImClient(flotilla, options), flotilla, store, shard, inbox };
}
