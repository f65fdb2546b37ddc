import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Chance } from '../platform/chance.ts';
import type { Loop } from '../platform/loop.ts';
import type { SimulatedProcess } from '../platform/process.ts';
import type { Dial } from './web-socket.ts';
import { Wire } from './wire.ts';

/** Takes the upgrade requests of one address. */
export interface Listener {
  readonly process: SimulatedProcess;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, target: string) => void;
}

const HEADERS = { upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-version': '13' };
const KEY = 'c2ltdWxhdGVkc29ja2V0IQ==';

/** Who listens at which address, and the wires there are. */
export class Switchboard {
  readonly wires = new Set<Wire>();
  readonly #listeners = new Map<string, Listener>();
  readonly #loop: Loop;
  readonly #seed: number;

  constructor(loop: Loop, seed: number) {
    this.#loop = loop;
    this.#seed = seed;
  }

  listen(host: string, listener: Listener): void {
    this.#listeners.set(host, listener);
    listener.process.onEnd(() => {
      if (this.#listeners.get(host) === listener) this.#listeners.delete(host);
    });
  }

  /** How a client's process connects. */
  dialFrom(client: SimulatedProcess): Dial {
    return (url, protocols, end) => {
      const { host, pathname, search } = new URL(url);
      const state: { wire: Wire | null; isGivenUp: boolean } = { wire: null, isGivenUp: false };
      const chance = new Chance(this.#seed, `wire ${client.newId()}`);
      const refuse = (): void => {
        if (!state.isGivenUp) end.closed();
      };
      this.#loop.after(chance.between(0.2, 3), client, () => {
        const listener = this.#listeners.get(host);
        if (state.isGivenUp) return;
        if (listener === undefined || listener.process.isDead) {
          refuse();
          return;
        }
        const done = (ended: Wire): void => void this.wires.delete(ended);
        const parts = { loop: this.#loop, chance, client, shard: listener.process, end, done };
        const wire = new Wire(parts);
        state.wire = wire;
        this.wires.add(wire);
        wire.open((socket) => {
          const headers = {
            ...HEADERS,
            'sec-websocket-key': KEY,
            host,
            'sec-websocket-protocol': protocols.join(', '),
          };
          if (protocols.length === 0) delete (headers as Partial<typeof headers>)['sec-websocket-protocol'];
          const request = { method: 'GET', url: pathname + search, headers, socket };
          listener.upgrade(request as unknown as IncomingMessage, socket, pathname + search);
        });
      });
      return {
        wire: () => state.wire,
        giveUp: () => {
          state.isGivenUp = true;
          state.wire?.closeByClient();
        },
      };
    };
  }
}
