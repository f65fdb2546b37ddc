import { createServer, type Server, Socket } from 'node:net';
import type { Behaviour } from './link.ts';
import { NotifyFilter } from './notify-filter.ts';
import { createTreatment, type Direction, type Treatment } from './treatment.ts';
import { Way } from './way.ts';

/** Where a link leads, and what is known of what runs through it. */
export interface LinkTarget {
  /** A port of the loopback address. */
  readonly port: number;
  /** `redis`: what the target says is read as RESP, which `drop-notifies` needs. Default: nothing is known. */
  readonly speaks?: 'redis';
  /** Strings of RESP that the target says, and what the client is told instead: how a Sentinel is made to name other ports. */
  readonly renamed?: readonly (readonly [from: string, to: string])[];
}

interface Connection {
  readonly near: Socket;
  readonly far: Socket;
  readonly ways: Readonly<Record<Direction, Way>>;
  isDialled: boolean;
}

const HOST = '127.0.0.1';

/** One link: takes connections on a port of its own and carries them to its target, as its behaviour has it. */
export class LinkServer {
  readonly #target: LinkTarget;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  #behaviour: Behaviour = { type: 'pass' };
  #treatments = treatmentsOf(this.#behaviour);

  constructor(target: LinkTarget) {
    this.#target = target;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => this.#accept(near));
  }

  /** Resolves to the port, a free one of the loopback address. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: HOST, port: 0, backlog: 4_096 }, () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  /** @throws Error where notifies are to be dropped from what is not known to be Redis */
  behave(behaviour: Behaviour): void {
    if (behaviour.type === 'drop-notifies' && this.#target.speaks !== 'redis') {
      throw new Error('notifies can be dropped only on a link that speaks to Redis');
    }
    this.#behaviour = behaviour;
    this.#treatments = treatmentsOf(behaviour);
    for (const connection of this.#connections) {
      this.#dial(connection);
      for (const direction of ['to-server', 'to-client'] as const) {
        connection.ways[direction].treat(this.#treatments[direction]);
      }
    }
  }

  /** Resets all connections; returns how many there were. */
  reset(): number {
    const open = [...this.#connections];
    for (const { near, far } of open) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
    return open.length;
  }

  #accept(near: Socket): void {
    near.on('error', () => {});
    if (this.#behaviour.type === 'refuse') {
      near.resetAndDestroy();
      return;
    }
    const far = new Socket({ allowHalfOpen: true });
    far.on('error', () => {});
    far.setNoDelay(true);
    const connection = { near, far, ways: this.#ways(near, far), isDialled: false };
    this.#connections.add(connection);
    for (const socket of [near, far]) {
      socket.once('close', () => {
        // The target never hears of a client that came and went in a partition.
        if (!connection.isDialled) far.destroy();
        if (near.closed && (far.closed || !connection.isDialled)) this.#connections.delete(connection);
      });
    }
    this.#dial(connection);
  }

  #ways(near: Socket, far: Socket): Connection['ways'] {
    const filter = this.#target.speaks === 'redis' ? new NotifyFilter(() => this.#isDropped()) : null;
    const rename = renaming(this.#target.renamed ?? []);
    return {
      'to-server': new Way({
        source: near,
        sink: far,
        treatment: this.#treatments['to-server'],
        sift: (chunk) => [chunk],
        rest: () => [],
      }),
      'to-client': new Way({
        source: far,
        sink: near,
        treatment: this.#treatments['to-client'],
        sift: (chunk) => (filter === null ? [rename(chunk)] : filter.push(rename(chunk))),
        rest: () => filter?.end() ?? [],
      }),
    };
  }

  #isDropped(): boolean {
    return this.#behaviour.type === 'drop-notifies' && Math.random() < this.#behaviour.chance;
  }

  /** Once the link lets it: in a partition nobody reaches the target. */
  #dial(connection: Connection): void {
    if (connection.isDialled || connection.near.destroyed || this.#behaviour.type === 'partition') return;
    connection.isDialled = true;
    connection.far.connect({ host: HOST, port: this.#target.port });
  }
}

function treatmentsOf(behaviour: Behaviour): Record<Direction, Treatment> {
  return {
    'to-server': createTreatment(behaviour, 'to-server', Math.random),
    'to-client': createTreatment(behaviour, 'to-client', Math.random),
  };
}

/** Replies that name a port are short and come in one piece. */
function renaming(names: readonly (readonly [string, string])[]): (chunk: Buffer) => Buffer {
  if (names.length === 0) return (chunk) => chunk;
  const stringOf = (text: string): string => `$${String(text.length)}\r\n${text}\r\n`;
  return (chunk) => {
    const text = names.reduce(
      (said, [from, to]) => said.replaceAll(stringOf(from), stringOf(to)),
      chunk.toString('latin1'),
    );
    return Buffer.from(text, 'latin1');
  };
}
