import { connect } from 'node:net';

/** Sends one inline command (https://redis.io/docs/latest/develop/reference/protocol-spec/#inline-commands), gives back the raw reply. */
export type AskRedis = (port: number, command: string) => Promise<string>;

const TIMEOUT_MS = 1_000;

/** Asks a Redis on the loopback address. Rejects when nothing answers within a second. Meant for short replies. */
export const askRedis: AskRedis = (port, command) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`port ${port} does not answer`)));
    socket.once('connect', () => socket.write(`${command}\r\n`));
    socket.once('data', (chunk) => {
      resolve(chunk.toString('utf8'));
      socket.destroy();
    });
    socket.once('error', reject);
    // A server that is told to shut down closes without a word.
    socket.once('close', () => resolve(''));
  });
