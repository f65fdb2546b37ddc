import { createServer } from 'node:net';
import { Problem } from './problem.ts';

/** The address that everything local listens on. */
export const LOOPBACK = '127.0.0.1';

/** Tells whether nobody listens on a port of the loopback address. */
export type PortProbe = (port: number) => Promise<boolean>;

/** Asks the system by listening for a moment. */
export const isPortFree: PortProbe = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => server.close(() => resolve(true)));
  });

/** How far a search for a free port goes. */
const REACH = 200;

/** What a port is wanted for. */
export interface PortWish {
  readonly first: number;
  /** Whether only the first one will do. */
  readonly isFixed: boolean;
  /** Ports that are promised to somebody already. */
  readonly taken?: ReadonlySet<number>;
  /** Who it is for, as the beginning of a sentence: `The demo`. */
  readonly who: string;
  /** The option by which another one is asked for. */
  readonly option: string;
}

/**
 * A port that is free: the first one, or the next above it.
 *
 * @throws {Problem} when the one asked for is in use, or none in reach is free
 */
export async function findPort(wish: PortWish, isFree: PortProbe): Promise<number> {
  const last = Math.min(65_535, wish.isFixed ? wish.first : wish.first + REACH);
  for (let port = wish.first; port <= last; port++) {
    if (wish.taken?.has(port) !== true && (await isFree(port))) return port;
  }
  const range = wish.isFixed ? `Port ${wish.first} is` : `Ports ${wish.first} to ${last} are`;
  throw new Problem(`${range} in use, by another program. ${wish.who} needs one: ${wish.option} asks for another.`);
}
