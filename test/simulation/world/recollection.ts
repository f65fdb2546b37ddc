import type { Ledger } from '../checks/ledger.ts';
import type { Loop } from '../platform/loop.ts';
import type { SimulatedProcess } from '../platform/process.ts';
import type { Client } from './client.ts';
import { type Club, CLUB } from './club.ts';
import type { Service } from './service.ts';

/** How long after a loss people look after it, and how long business waits when it could not. */
const PEOPLE_MS = 4_000;
const AGAIN_MS = 500;

/** What remembering needs. */
export interface RecollectionDeps {
  readonly loop: Loop;
  readonly environment: SimulatedProcess;
  readonly backend: Service;
  readonly ledger: Ledger;
  readonly channels: readonly string[];
  readonly club: Club;
  readonly clients: readonly Client[];
  readonly wires: ReadonlySet<{ readonly client: SimulatedProcess; readonly sinceMs: number }>;
}

/** What business and shards still know after Redis lost everything. */
export class Recollection {
  readonly #deps: RecollectionDeps;
  /** Shards that ended, and with them what only they knew. */
  #shardEnds = 0;

  constructor(deps: RecollectionDeps) {
    this.#deps = deps;
  }

  /** A shard's process ended. */
  shardEnded(): void {
    this.#shardEnds += 1;
    if (this.#deps.ledger.lostAtMs > -Infinity) this.#askPeople();
  }

  /** Whether every shard is still there that ever was. */
  get isWhole(): boolean {
    return this.#shardEnds === 0;
  }

  /** Redis has lost everything. Where nobody may be left who could tell business of it, people do. */
  lost(): void {
    if (!this.isWhole) this.#askPeople();
  }

  #askPeople(): void {
    const { loop, environment } = this.#deps;
    loop.after(PEOPLE_MS, environment, () => this.joinAll());
  }

  /** Business was told of a loss: it makes everybody a member again, until it has. */
  joinAll(): void {
    const { loop, environment, backend, channels, clients, ledger, club } = this.#deps;
    const again = (): void => void loop.after(AGAIN_MS, environment, () => this.joinAll());
    if (backend.flotilla === null) {
      again();
      return;
    }
    const ids = clients.filter(({ isGone }) => !isGone).map(({ clientId }) => clientId);
    backend.run(async (flotilla) => {
      const joinedAnew = (channel: string, those: readonly string[]): void => {
        for (const clientId of those) ledger.joinedAnew(clientId, `channel ${channel}`);
      };
      for (const channel of channels) {
        try {
          const pairs = await flotilla.channels.join(channel, ids);
          joinedAnew(
            channel,
            pairs.filter(({ joined }) => joined).map(({ clientId }) => clientId),
          );
        } catch {
          // Some may have been joined all the same.
          joinedAnew(channel, ids);
          again();
          return;
        }
      }
      try {
        await club.restore(backend, 'leave');
        joinedAnew(CLUB, await club.restore(backend, 'join'));
      } catch {
        joinedAnew(CLUB, ids);
        again();
      }
    });
  }

  /** Whether the connection of a page has been there, and served, since before Redis lost data. */
  knows(clientId: string): boolean {
    const { clients, ledger, wires } = this.#deps;
    const client = clients.find((one) => one.clientId === clientId);
    if (client === undefined || (client.connectedSinceMs ?? Infinity) >= ledger.lostAtMs) return false;
    return [...wires].every((wire) => wire.client !== client.process || wire.sinceMs < ledger.lostAtMs);
  }
}
