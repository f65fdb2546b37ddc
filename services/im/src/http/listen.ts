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

/** How long answers under way may take to end before their connections are cut. */
const ANSWERS_WITHIN_MS = 500;

/** Stops listening, lets answers under way end, then cuts what is still open; resolves when all is. */
export function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), ANSWERS_WITHIN_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}
