import { connect, type Connection } from '@flotilla-im/client';
import { createFlotilla } from '@flotilla-im/sdk';
import type { LaunchLine } from '../../support/launch.ts';

/** Many who are connected beside those at a page. */
export interface Crowd {
  close(): Promise<void>;
}

/** Connects drivers, as their apps would be. @param listening - so many of them are in the channel */
export async function gather(
  { redis, cluster, tokenKeysFile }: LaunchLine,
  count: number,
  { channel, listening }: { readonly channel: string; readonly listening: number },
): Promise<Crowd> {
  const im = await createFlotilla({ ...(redis !== null && { redis }), cluster, tokenKeys: tokenKeysFile });
  const names = Array.from({ length: count }, (_, i) => `Driver ${String(i + 1).padStart(3, '0')}`);
  const connections = names.map((name) => connect({ address: () => im.connectInfo(name) }));
  await Promise.all(connections.map(isConnected));
  await im.channels.join(channel, names.slice(0, listening));
  return {
    async close() {
      await Promise.all(connections.map((connection) => connection.close()));
      await im.close();
    },
  };
}

function isConnected(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    connection.on('state', ({ type }) => {
      if (type === 'connected') resolve();
    });
  });
}
