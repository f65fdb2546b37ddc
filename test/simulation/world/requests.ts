import type { Connection } from '@flotilla-im/client';
import type { Grants } from '@flotilla-im/protocol';
import type { Ledger } from '../checks/ledger.ts';
import type { MembershipRecord } from '../checks/membership-record.ts';
import { Violation } from '../checks/violation.ts';
import type { Client } from './client.ts';
import type { Service } from './service.ts';

const ALL: Grants = Object.freeze({ send: true, publish: true, subscribe: true, upstream: true });
/** Who is granted nothing else may come and go still. */
const LEAST: Grants = Object.freeze({ subscribe: true });
/** What the record of memberships knows grants by: to be granted all is to be a member. */
const LOG = 'grants';

/** What requests need. */
export interface RequestsDeps {
  readonly ledger: Ledger;
  readonly record: MembershipRecord;
  readonly fail: (violation: Violation) => void;
}

/** What clients ask for themselves, and whether they may. */
export class Requests {
  readonly #deps: RequestsDeps;
  /** Pages that wait for answers, and for how many. */
  readonly #waiting = new Map<Client['process'], number>();

  constructor(deps: RequestsDeps) {
    this.#deps = deps;
  }

  /** A client is there; at first it may do all. */
  add(clientId: string): void {
    const { ledger, record } = this.#deps;
    ledger.follow('business', `upstream ${clientId}`);
    record.end(record.begin(clientId, LOG, 'join'), 'done');
  }

  /** What an address made for a client now is to grant. */
  grantsOf(clientId: string): Grants {
    return this.#deps.record.lastOf(clientId, LOG) === 'leave' ? LEAST : ALL;
  }

  /** Business gives or takes what a client may do. */
  setGrants(service: Service, { clientId }: Client, isGiven: boolean): void {
    const { record } = this.#deps;
    service.inOrder(`grants ${clientId}`, async (flotilla) => {
      const change = record.begin(clientId, LOG, isGiven ? 'join' : 'leave');
      try {
        await flotilla.setGrants(clientId, isGiven ? ALL : LEAST);
        record.end(change, 'done');
      } catch {
        record.end(change, 'failed');
      }
    });
  }

  send(client: Client, to: string): void {
    this.#ask(client, `inbox ${to}`, (connection, data) => connection.send({ to, data }));
  }

  publish(client: Client, channel: string): void {
    this.#ask(client, `channel ${channel}`, (connection, data) => connection.publish({ channel, data }));
  }

  /** It says something to the business. */
  upstream(client: Client): void {
    this.#ask(client, `upstream ${client.clientId}`, (connection, data) => connection.upstream({ data }));
  }

  /** A frame was written for the business. @throws {Violation} phantom, doubled, position */
  streamed(json: string): void {
    const { clientId, id, data } = JSON.parse(json) as { clientId: string; id: string; data: string };
    this.#deps.ledger.got('business', `upstream ${clientId}`, JSON.parse(data), id);
  }

  /** Whether grants have changed of which not everybody has heard yet. */
  isUnheard(clients: readonly Client[]): boolean {
    const { record } = this.#deps;
    return clients.some(({ clientId }) => record.lastOf(clientId, LOG) === 'leave' && !record.isHeard(clientId, LOG));
  }

  /** Who waits for an answer still. */
  unsettled(): string[] {
    return [...this.#waiting]
      .filter(([process, count]) => count > 0 && !process.isDead)
      .map(([process, count]) => `${process.name} waits for ${count} answers`);
  }

  #ask(client: Client, log: string, ask: (connection: Connection, data: number) => Promise<unknown>): void {
    const { ledger } = this.#deps;
    const { process, clientId } = client;
    client.within(async (connection) => {
      const intent = ledger.intend(process.name, log);
      this.#wait(process, 1);
      try {
        await ask(connection, intent.number);
        ledger.settle(intent, 'accepted');
        this.#judge(clientId, intent.atMs, true);
      } catch (error) {
        ledger.settle(intent, 'failed');
        const { code } = error as { readonly code?: unknown };
        if (code === 'not_granted') this.#judge(clientId, intent.atMs, false);
        if (code === 'not_connected') {
          this.#deps.fail(new Violation('requests', `${clientId} lost a request with its connection`));
        }
      }
      this.#wait(process, -1);
    });
  }

  #wait(process: Client['process'], more: 1 | -1): void {
    this.#waiting.set(process, (this.#waiting.get(process) ?? 0) + more);
  }

  /** What was begun when all had heard of the latest grants is done by those. */
  #judge(clientId: string, atMs: number, wasGranted: boolean): void {
    const { record, fail } = this.#deps;
    const isGranted = record.isMember(clientId, LOG);
    if (record.isLossy || isGranted === null || isGranted === wasGranted || !record.isHeard(clientId, LOG, atMs))
      return;
    const what = wasGranted ? 'was let do what was taken from it' : 'was refused what it was granted';
    fail(new Violation('grants', `${clientId} ${what}`));
  }
}
