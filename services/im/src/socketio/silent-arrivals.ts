import { cutConnection, type EngineConnection } from './engine-link.ts';

/** A client says CONNECT first. What goes to namespaces that do not exist is answered, so there may not be much of it. */
const MOST_BEFORE_CONNECT = 8;

/** Bounds what a connection may cost before it has said CONNECT: the packets it sends, and how long it is there. */
export function watchUntilConnect(
  conn: EngineConnection,
  hasTried: (conn: EngineConnection) => boolean,
  helloTimeoutMs: number,
): void {
  let packets = 0;
  const onData = (): void => {
    packets += 1;
    if (hasTried(conn)) conn.off('data', onData);
    else if (packets > MOST_BEFORE_CONNECT) cutConnection(conn);
  };
  conn.on('data', onData);
  // Socket.IO closes it at the same time, but only after what waits for it, and that may never be read.
  const cut = setTimeout(() => {
    if (conn.readyState !== 'closed' && !hasTried(conn)) cutConnection(conn);
  }, helloTimeoutMs);
  conn.once('close', () => clearTimeout(cut));
}
