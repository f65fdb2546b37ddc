import type { RawPeer } from './raw-peer.ts';
import type { Scene } from './scene.ts';

/** A client that behaves, beside those that do not. */
export interface Neighbour {
  readonly peer: RawPeer;
  /**
   * Ends what is sent to it, and waits until all of it has come.
   *
   * @returns what came, in its order, how much was sent, and the longest time in milliseconds that a message took
   */
  readonly end: () => Promise<{ readonly came: readonly number[]; readonly sent: number; readonly longestMs: number }>;
}

/** How often it is sent something. */
const EVERY_MS = 25;

/** Lets one in and sends to it from now on. */
export async function startNeighbour({ served, flotilla }: Scene): Promise<Neighbour> {
  const peer = await served('neighbour');
  const sentAtMs: number[] = [];
  const tookMs: number[] = [];
  const sending: Promise<unknown>[] = [];
  peer.socket.on('data', () => {
    const nowMs = performance.now();
    while (tookMs.length < peer.texts.length) tookMs.push(nowMs - (sentAtMs[tookMs.length] ?? nowMs));
  });
  const timer = setInterval(() => {
    sentAtMs.push(performance.now());
    sending.push(flotilla.send({ from: null, to: 'neighbour', data: sentAtMs.length - 1 }));
  }, EVERY_MS);
  return {
    peer,
    async end() {
      clearInterval(timer);
      await Promise.all(sending);
      await peer.until(() => peer.texts.length >= sentAtMs.length);
      return { came: peer.texts.map(Number), sent: sentAtMs.length, longestMs: Math.max(...tookMs) };
    },
  };
}
