import { handshake, type RawPeer } from './raw-peer.ts';
import type { Scene } from './scene.ts';

/** Arrivals that never end their handshake, and when they were over. */
export interface SlowArrivals {
  readonly startedAtMs: number;
  /** By what they do. */
  readonly peers: ReadonlyMap<string, RawPeer>;
  readonly overAtMs: ReadonlyMap<string, number>;
  readonly stop: () => void;
}

/** They take longer than all the rest, so they begin first. */
export async function startSlowArrivals({ raw }: Scene): Promise<SlowArrivals> {
  const startedAtMs = performance.now();
  const [silent, unfinished, dribbling] = [await raw(), await raw(), await raw()];
  const overAtMs = new Map<string, number>();
  const peers = new Map([
    ['says nothing', silent],
    ['never ends its header', unfinished],
    ['says a byte at a time', dribbling],
  ]);
  for (const [name, { socket }] of peers) socket.once('end', () => overAtMs.set(name, performance.now() - startedAtMs));
  unfinished.write(handshake({}).slice(0, -2));
  let said = 0;
  const timer = setInterval(() => dribbling.write(handshake({})[said++] ?? 'x'), 500);
  return { startedAtMs, peers, overAtMs, stop: () => clearInterval(timer) };
}

/** Those that are let in and then do not answer, or do not read. They take long, too. */
export interface SilentPeers {
  readonly plain: RawPeer;
  readonly v1: RawPeer;
  readonly deaf: RawPeer;
}

/** Lets them in; the one that does not read is sent more than the kernel takes. */
export async function startSilentPeers({ served, flotilla }: Scene): Promise<SilentPeers> {
  const plain = await served('dead', { autoPong: false });
  const v1 = await served('dead', { protocol: 'v1', autoPong: false });
  const deaf = await served('deaf');
  deaf.socket.pause();
  const data = 'x'.repeat(60_000);
  for (let n = 0; n < 130; n++) await flotilla.send({ from: null, to: 'deaf', data });
  return { plain, v1, deaf };
}
