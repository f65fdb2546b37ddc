import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Kernel queue of connections not yet accepted: a reconnect storm comes all at once. */
const BACKLOG = 4_096;

/**
 * Listens.
 *
 * @returns the port, also when 0 was asked for
 * @throws what the system says (EADDRINUSE, EACCES, …)
 */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Stops listening and ends what is still open; resolves when it is. */
export function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
