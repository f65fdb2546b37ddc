import { slotOf } from '@flotilla-im/protocol';
import { createKeys } from '../../../sdk/store/src/keys.ts';
import type { Ledger } from '../checks/ledger.ts';
import { isSameTable, type MapRecord, shardAt } from '../checks/map-watch.ts';
import type { PresenceRecord } from '../checks/presence-record.ts';
import type { RedisHost } from '../network/redis-host.ts';
import type { Client } from './client.ts';
import type { Club } from './club.ts';
import type { SimulatedFleet } from './fleet.ts';
import type { Recollection } from './recollection.ts';
import type { Requests } from './requests.ts';
import type { Service } from './service.ts';
import { CLUSTER } from './settings.ts';

/** What of a world has to come to rest. */
export interface Restless {
  readonly redis: RedisHost;
  readonly fleet: SimulatedFleet;
  readonly ledger: Ledger;
  readonly club: Club;
  readonly requests: Requests;
  readonly maps: MapRecord;
  readonly presence: PresenceRecord;
  readonly clients: readonly Client[];
  readonly senders: readonly Service[];
}

/** Whether all is as it should be once nothing happens any more. */
export class Rest {
  readonly #world: Restless;
  readonly #recollection: Recollection;
  readonly #keys = createKeys(CLUSTER);

  constructor(world: Restless, recollection: Recollection) {
    this.#world = world;
    this.#recollection = recollection;
  }

  /** What is not yet as it should be; what is quickly seen first, and no more than that. */
  unsettled(): string[] {
    for (const look of [this.#unsettledClients, this.#unsettledFleet, this.#unsettledShards]) {
      const found = look.call(this);
      if (found.length > 0) return found;
    }
    const found = [...this.#world.club.unsettled(), ...this.#world.requests.unsettled()];
    return found.length > 0 ? found : this.#world.ledger.missing();
  }

  #unsettledClients(): string[] {
    return this.#world.clients.flatMap((client) =>
      client.isGone ? this.#ghostOf(client) : this.#unsettledClient(client),
    );
  }

  #unsettledFleet(): string[] {
    const pods = this.#world.fleet.pods.filter(({ isReady, isDeleting }) => !isReady || isDeleting);
    const found = pods.map(({ shard }) => `shard ${shard} is not ready`);
    const isStarting = this.#world.senders.some(({ flotilla }) => flotilla === null);
    return [
      ...found,
      ...(this.isMapWhole() ? [] : ['the map is not whole']),
      ...(isStarting ? ['a sender starts'] : []),
    ];
  }

  #unsettledShards(): string[] {
    return this.#world.fleet.pods.flatMap(({ shard, core }) => {
      const levels = core?.levels();
      if (levels?.epoch !== this.#world.maps.latest?.epoch) return [`shard ${shard} does not serve by the latest map`];
      return levels?.guests === 0 ? [] : [`shard ${shard} has guests`];
    });
  }

  /** Of who is gone nothing is left, and everybody was told so once. */
  #ghostOf({ clientId }: Client): string[] {
    const told = this.#world.presence.of(clientId);
    const entries = this.#world.redis.server.keys.get(this.#keys.presence(clientId), 'hash');
    if (entries !== undefined) return [`a ghost of ${clientId} is in the store`];
    // A store that lost its data has forgotten that anybody was there, and a shard that has ended cannot remind it.
    return told.isOnline && !(this.#world.presence.isLossy && !this.#recollection.isWhole)
      ? [`${clientId} was not told to be offline`]
      : [];
  }

  #unsettledClient(client: Client): string[] {
    const { clientId } = client;
    if (client.connectedSinceMs === null) return [`${clientId} is not connected`];
    const found: string[] = [];
    const entries = this.#world.redis.server.keys.get(this.#keys.presence(clientId), 'hash');
    if (entries?.size !== 1) found.push(`${clientId} has ${entries?.size ?? 0} connections in the store`);
    if (!this.#world.presence.of(clientId).isOnline) found.push(`${clientId} was not told to be online`);
    const owner = shardAt(this.#world.maps.latest?.owner ?? [], slotOf(clientId));
    const [entry = ''] = entries?.values() ?? [];
    if (!entry.startsWith(`${String(owner)}|`)) found.push(`${clientId} is not at its owner`);
    return found;
  }

  /** Whether all shards that are wanted are up, each with its own slots. */
  isMapWhole(): boolean {
    const { latest } = this.#world.maps;
    if (latest === null || latest.shards.length !== this.#world.fleet.desired) return false;
    const isAllUp = latest.shards.every(({ state }) => state === 'up');
    return isAllUp && isSameTable(latest.home, latest.owner);
  }
}
