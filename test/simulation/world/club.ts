import { createKeys } from '../../../sdk/store/src/keys.ts';
import type { Change, MembershipRecord } from '../checks/membership-record.ts';
import { Violation } from '../checks/violation.ts';
import type { RedisHost } from '../network/redis-host.ts';
import type { Client } from './client.ts';
import type { Service } from './service.ts';
import { CLUSTER } from './settings.ts';

/** The channel whose members come and go. */
export const CLUB = 'club';
const LOG = `channel ${CLUB}`;

/** What a club needs. */
export interface ClubDeps {
  readonly record: MembershipRecord;
  readonly redis: RedisHost;
  readonly clients: readonly Client[];
  /** Somebody was made a member that was none, after Redis had lost data. */
  readonly rejoined: (clientId: string, log: string) => void;
}

/** Joins and leaves, by business and by clients themselves, and who belongs to it then. */
export class Club {
  readonly #deps: ClubDeps;
  readonly #keys = createKeys(CLUSTER);

  constructor(deps: ClubDeps) {
    this.#deps = deps;
    deps.record.watch(LOG);
  }

  /** Business has somebody join or leave. `isTold`: it says something there at once after the join, or just before the leave. */
  change(service: Service, { clientId }: Client, kind: Change['kind'], isTold: boolean): void {
    if (isTold && kind === 'leave') service.publish(CLUB);
    // After what it has said there: the same lane.
    service.inOrder(LOG, async (flotilla) => {
      const { channels } = flotilla;
      await this.#during(service.process, clientId, kind, async () => {
        if (kind === 'leave') await channels.leave(CLUB, clientId);
        else if ((await channels.join(CLUB, clientId)).some(({ joined }) => joined)) this.#joined(clientId);
      });
    });
    if (isTold && kind === 'join') service.publish(CLUB);
  }

  #joined(clientId: string): void {
    const { record, rejoined } = this.#deps;
    if (record.isLossy) rejoined(clientId, LOG);
  }

  /** A client does so itself. */
  changeOwn(client: Client, kind: Change['kind']): void {
    client.within((connection) =>
      this.#during(client.process, client.clientId, kind, () =>
        kind === 'join' ? connection.subscribe(CLUB) : connection.unsubscribe(CLUB),
      ),
    );
  }

  /** Those that business wants in it, or out of it. */
  wanted(kind: Change['kind']): string[] {
    const { clients, record } = this.#deps;
    return clients
      .filter(({ clientId, isGone }) => !isGone && record.lastOf(clientId, LOG) === kind)
      .map(({ clientId }) => clientId);
  }

  /** Business brings it to what it wants, after a loss. Resolves to those who were no members any more. @throws what the SDK does */
  async restore(service: Service, kind: Change['kind']): Promise<readonly string[]> {
    const { record } = this.#deps;
    const { flotilla } = service;
    const ids = this.wanted(kind);
    if (flotilla === null || ids.length === 0) return [];
    const changes = ids.map((clientId) => record.begin(clientId, LOG, kind));
    const end = (state: 'done' | 'failed'): void => {
      for (const change of changes) if (change.state === 'under way') record.end(change, state);
    };
    try {
      if (kind === 'leave') await flotilla.channels.leave(CLUB, ids);
      const pairs = kind === 'leave' ? [] : await flotilla.channels.join(CLUB, ids);
      end('done');
      return pairs.filter(({ joined }) => joined).map(({ clientId }) => clientId);
    } catch (error) {
      end('failed');
      throw error;
    }
  }

  /** In quiet times whoever is connected has heard by now whether it is in. @throws {Violation} membership */
  check(): void {
    const { clients, record } = this.#deps;
    if (record.isLossy) return;
    for (const client of clients) {
      const { clientId, connectedSinceMs, process } = client;
      if (connectedSinceMs === null || process.state !== 'running' || !record.isHeard(clientId, LOG)) continue;
      const [problem] = this.#problemsOf(client);
      if (problem !== undefined) throw new Violation('membership', problem);
    }
  }

  /** What is not yet as it should be when nothing happens any more. */
  unsettled(): string[] {
    return this.#deps.clients.flatMap((client) => [...this.#problemsOf(client), ...this.#tornOf(client)]);
  }

  #problemsOf({ clientId, connection, isGone }: Client): string[] {
    const isMember = this.#deps.record.isMember(clientId, LOG);
    if (isGone || connection === null || isMember === null) return [];
    if (connection.channels.includes(CLUB) === isMember) return [];
    return [`${clientId} ${isMember ? 'joined' : 'left'} ${CLUB} and has not heard so`];
  }

  /** The client's side, the channel's, and what the client was told must agree. */
  #tornOf({ clientId, connection, isGone }: Client): string[] {
    const { keys } = this.#deps.redis.server;
    const mark = keys.get(this.#keys.memberships(clientId), 'hash')?.get(CLUB) ?? '';
    if (/^[jl] /.test(mark)) return [`what ${clientId} began in ${CLUB} is not finished`];
    const isMember = mark.startsWith('c ');
    const isListed = keys.get(this.#keys.members(CLUB), 'hash')?.has(clientId) === true;
    const isTold = isGone || connection === null ? isMember : connection.channels.includes(CLUB);
    if (isMember === isListed && isMember === isTold) return [];
    return [
      `${clientId} in ${CLUB}: '${mark}', ${isListed ? 'listed' : 'not listed'}, ${isTold ? 'told' : 'not told'}`,
    ];
  }

  /** Writes a change down as what becomes of it; one whose author dies has failed. */
  async #during(
    process: Service['process'],
    clientId: string,
    kind: Change['kind'],
    run: () => Promise<void>,
  ): Promise<void> {
    const { record } = this.#deps;
    const change = record.begin(clientId, LOG, kind);
    const forget = process.onEnd(() => record.end(change, 'failed'));
    try {
      await run();
      record.end(change, 'done');
    } catch {
      record.end(change, 'failed');
    } finally {
      forget();
    }
  }
}
