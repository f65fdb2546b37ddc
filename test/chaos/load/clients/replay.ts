import { SUBPROTOCOL } from '@flotilla-im/protocol';
import { WebSocket } from 'ws';

/** So many dials at a time. */
const AT_A_TIME = 20;
/** A shard that says neither yes nor no for so long, in milliseconds, has let nobody in. */
const UNANSWERED_MS = 8_000;
const WELCOME = '{"type":"welcome"';

/** Dials with addresses whose tokens are used up. Resolves to how many were welcomed. */
export async function replay(urls: readonly string[]): Promise<number> {
  const left = [...urls];
  let welcomed = 0;
  const dialOn = async (): Promise<void> => {
    for (let url = left.pop(); url !== undefined; url = left.pop()) if (await isWelcomed(url)) welcomed += 1;
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, dialOn));
  return welcomed;
}

/** As `flotilla.v1`, which says who is welcome: what a token is good for does not depend on the protocol. */
function isWelcomed(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, [SUBPROTOCOL], { perMessageDeflate: false, handshakeTimeout: UNANSWERED_MS });
    const end = setTimeout(() => socket.terminate(), UNANSWERED_MS);
    socket.once('open', () => socket.send('{"type":"resume"}'));
    socket.on('message', (data) => {
      if (!(data as Buffer).toString().startsWith(WELCOME)) return;
      resolve(true);
      socket.close(1000);
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(end);
      resolve(false);
    });
  });
}
