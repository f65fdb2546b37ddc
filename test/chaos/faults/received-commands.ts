import { once } from 'node:events';
import { connect } from 'node:net';

/** Counts commands as Redis receives them. Its own statistics count what scripts call as well. */
export interface ReceivedCommands {
  /** So far. */
  count(): number;
  close(): void;
}

/** What MONITOR shows in the place of an address for what a script calls. */
const BY_SCRIPT = / lua\] "/u;
/** What it shows for each command: when, in which database, and who. */
const COMMAND = /^\+?\d+\.\d+ \[\d+ [^\]]+\] "/u;

/**
 * Has Redis tell each command (MONITOR), and counts those that somebody sent.
 *
 * @param url - `redis://host:port`
 */
export async function countReceived(url: string): Promise<ReceivedCommands> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  let count = 0;
  let rest = '';
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (COMMAND.test(line) && !BY_SCRIPT.test(line)) count += 1;
  });
  // Whoever cuts the connection makes the count too small; a link is not struck while it is counted.
  socket.on('error', () => undefined);
  socket.write('MONITOR\r\n');
  return { count: () => count, close: () => void socket.destroy() };
}
