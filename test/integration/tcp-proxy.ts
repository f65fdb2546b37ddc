import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on loopback that can lose its connections the silent way. */
export interface TcpProxy {
  readonly port: number;
  /** From now on nothing of the connections that are open now gets through, and neither end is told. New ones work. */
  readonly silence: () => void;
  /** How many connections were made through it. */
  readonly accepted: () => number;
  readonly close: () => Promise<void>;
}

/** Starts a proxy to a port on loopback. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let accepted = 0;
  const server = createServer((near) => {
    accepted += 1;
    const far = connect(targetPort, '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => open.delete(socket));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    silence: () => {
      for (const socket of open) socket.unpipe().resume();
    },
    accepted: () => accepted,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
