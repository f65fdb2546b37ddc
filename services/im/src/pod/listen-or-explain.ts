import type { Server } from 'node:http';
import { ConfigError } from '@flotilla-im/environment';
import { listen } from '../http/listen.ts';

const SENTENCES: Readonly<Record<string, (address: string) => string>> = {
  EADDRINUSE: (address) => `${address} is in use by another process; set FLOTILLA_PORT to another port.`,
  EACCES: (address) => `${address} may not be used by this user; ports below 1024 need a privilege.`,
  EADDRNOTAVAIL: (address) => `${address} is no address of this machine; see FLOTILLA_HOST.`,
  ENOTFOUND: (address) => `${address} is no address and no known host name; see FLOTILLA_HOST.`,
};

/**
 * Listens on the configured address.
 *
 * @returns the port
 * @throws {ConfigError} when the address cannot be listened on
 */
export async function listenOrExplain(server: Server, host: string, port: number): Promise<number> {
  try {
    return await listen(server, host, port);
  } catch (error) {
    const sentence = SENTENCES[(error as NodeJS.ErrnoException).code ?? ''];
    if (sentence === undefined) throw error;
    throw new ConfigError([sentence(`${host.includes(':') ? `[${host}]` : host}:${port}`)]);
  }
}
