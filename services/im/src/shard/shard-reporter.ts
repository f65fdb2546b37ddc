import { type CompiledMap, MAP_SCHEMA } from '@flotilla-im/protocol';
import type { ShardReport } from '@flotilla-im/store';
import type { ClientTable } from '../connections/client-table.ts';
import type { Connection } from '../connections/connection.ts';
import type { TransportKind } from '../connections/transport.ts';
import type { DeliveryTotals } from '../delivery/delivery-totals.ts';
import type { ShardDeps } from './shard-deps.ts';

/** Says how the pod does: to the fleet with each heartbeat, and to scrapes. */
export class ShardReporter {
  state: ShardReport['state'] = 'starting';
  /** Set once the map is watched. */
  map: () => CompiledMap | null = () => null;
  /** How many connections wait to be moved; set once there is somebody to move them. */
  moving: () => number = () => 0;
  readonly #deps: Pick<ShardDeps, 'shard' | 'limits' | 'version'>;
  readonly #clients: ClientTable;
  readonly #totals: DeliveryTotals;

  constructor(deps: Pick<ShardDeps, 'shard' | 'limits' | 'version'>, clients: ClientTable, totals: DeliveryTotals) {
    this.#deps = deps;
    this.#clients = clients;
    this.#totals = totals;
  }

  report(): ShardReport {
    return {
      state: this.state,
      connections: this.#clients.connections.length,
      guests: this.guests(),
      staying: this.#staying(),
      moving: this.moving(),
      delivered: this.#totals.delivered + this.#totals.deliveredLive,
      epoch: this.map()?.epoch ?? 0,
      pace: this.#deps.limits.handshakesPerSecond,
      version: this.#deps.version,
      schema: MAP_SCHEMA,
    };
  }

  /** Connections whose slot another shard owns. */
  guests(): number {
    return this.#guestsThat(() => true);
  }

  /** Only `flotilla.v1` is moved; who speaks anything else is a guest to its end, unless the shard leaves. */
  #staying(): number {
    return this.state === 'draining' ? 0 : this.#guestsThat(({ transport }) => transport.kind !== 'v1');
  }

  #guestsThat(isMeant: (connection: Connection) => boolean): number {
    const owner = this.map()?.owner;
    if (owner === undefined || owner.length === 0) return 0;
    let guests = 0;
    for (const connection of this.#clients.connections) {
      const { record } = connection;
      if (record !== null && owner[record.slot] !== this.#deps.shard && isMeant(connection)) guests += 1;
    }
    return guests;
  }

  /** Connections by what they speak. */
  byKind(): Readonly<Record<TransportKind, number>> {
    const counts = { plain: 0, v1: 0, socketio: 0 };
    for (const { transport } of this.#clients.connections) counts[transport.kind] += 1;
    return counts;
  }

  /** Bytes that wait for the network, all connections together. */
  queuedBytes(): number {
    let bytes = 0;
    for (const { transport } of this.#clients.connections) bytes += transport.backlogBytes();
    return bytes;
  }
}
