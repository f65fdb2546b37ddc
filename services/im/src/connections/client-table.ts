import type { MessageRun } from '../delivery/message-run.ts';
import type { ViewTable } from '../delivery/view-table.ts';
import { ClientRecord } from './client-record.ts';
import type { Connection } from './connection.ts';

/** The clients of a pod and all its connections. */
export class ClientTable {
  readonly #clients = new Map<string, ClientRecord>();
  readonly #views: ViewTable;
  /** Every connection, resumed or not, in no order. */
  readonly #connections: Connection[] = [];

  constructor(views: ViewTable) {
    this.#views = views;
  }

  get(clientId: string): ClientRecord | undefined {
    return this.#clients.get(clientId);
  }

  /** A connection is there, though it has not asked for anything yet. */
  add(connection: Connection): void {
    connection.tableIndex = this.#connections.push(connection) - 1;
  }

  /** A connection wants to be served: its client's record, made if it is the first. From now on notifies are kept for it. */
  serve(connection: Connection): ClientRecord {
    const { clientId } = connection;
    let record = this.#clients.get(clientId);
    if (record === undefined) {
      record = new ClientRecord(clientId, this.#views.hold({ kind: 'inbox', id: clientId }));
      this.#clients.set(clientId, record);
    }
    record.connections.push(connection);
    return record;
  }

  /** A live message for those of a client's connections that do not follow its inbox yet. Returns for how many it was too much. */
  passUnfollowed(clientId: string, run: MessageRun): number {
    const part = run.for(clientId);
    const record = this.#clients.get(clientId);
    if (part === null || record === undefined) return 0;
    return record.connections.filter((connection) => !connection.takeUnfollowed(part)).length;
  }

  /** A connection is gone. */
  remove(connection: Connection): void {
    const { tableIndex, record } = connection;
    const last = this.#connections.pop();
    if (last !== undefined && last !== connection) {
      this.#connections[tableIndex] = last;
      last.tableIndex = tableIndex;
    }
    if (record !== null) this.#forget(connection, record);
  }

  #forget(connection: Connection, record: ClientRecord): void {
    const index = record.connections.indexOf(connection);
    if (index >= 0) record.connections.splice(index, 1);
    if (record.connections.length > 0 || this.#clients.get(record.clientId) !== record) return;
    this.#clients.delete(record.clientId);
    if (this.#views.release(record.inbox)) this.#views.remove(record.inbox);
  }

  clients(): Iterable<ClientRecord> {
    return this.#clients.values();
  }

  /** Do not keep: it changes in place. Walk it backwards where connections may go meanwhile. */
  get connections(): readonly Connection[] {
    return this.#connections;
  }
}
