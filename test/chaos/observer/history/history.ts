import type {
  Fault,
  JournalRecord,
  LogName,
  Phase,
  PresenceEvent,
  Sample,
  Served,
  ToldGap,
} from '../../journal/record.ts';
import { type Client, createClient } from './client.ts';
import { floatColumn, wholeColumn } from './column.ts';
import { epochTimesOf } from './epochs.ts';
import { Groups } from './groups.ts';
import { Names } from './names.ts';
import { Phases } from './phases.ts';
import { ImpossibleHistory, Messages, pushRow, SendRecords } from './sends.ts';

/** One event of presence as a watcher heard it. */
export interface Heard {
  readonly tMs: number;
  readonly type: PresenceEvent[4];
}

/** What arrived, in the order of each client's journal: one value of each column an arrival. */
export interface Arrivals {
  readonly tMs: Float64Array;
  readonly connection: Int32Array;
  readonly life: Int32Array;
  readonly log: Int32Array;
  readonly n: Int32Array;
  /** Places of a client's arrivals. */
  readonly of: (client: number) => Int32Array;
}

/** All that the journals say, put in order. Clients, logs and lives are numbers, see `names`. */
export interface History {
  readonly clients: readonly Client[];
  readonly logs: Names;
  readonly lives: Names;
  readonly messages: Messages;
  /** When a call failed. */
  readonly failedMs: Float64Array;
  readonly arrivals: Arrivals;
  /** What each watcher heard of each client, in its order. */
  readonly watchers: ReadonlyMap<string, ReadonlyMap<string, readonly Heard[]>>;
  /** When a business process was told that Redis lost everything. */
  readonly lossesMs: readonly number[];
  readonly phases: Phases;
  readonly faults: readonly Fault[];
  readonly samples: readonly Sample[];
  /** When each epoch of the shard map was published, ascending. */
  readonly epochsMs: readonly number[];
  /** When the first and the last record were written. Both 0 where there is none. */
  readonly beganMs: number;
  readonly endedMs: number;
}

/** Takes the records of all journals; those of one journal in their order, journals in any. */
export class HistoryBuilder {
  readonly #ids = new Names();
  readonly #logs = new Names();
  readonly #lives = new Names();
  readonly #clients: Client[] = [];
  readonly #sends = new SendRecords();
  readonly #arrivals = {
    tMs: floatColumn(),
    client: wholeColumn(),
    connection: wholeColumn(),
    life: wholeColumn(),
    log: wholeColumn(),
    n: wholeColumn(),
  };
  readonly #watchers = new Map<string, Map<string, Heard[]>>();
  readonly #closes: Extract<JournalRecord, readonly ['closed', ...unknown[]]>[] = [];
  readonly #lossesMs: number[] = [];
  readonly #phases: Phase[] = [];
  readonly #faults: Fault[] = [];
  readonly #samples: Sample[] = [];
  #beganMs = Infinity;
  #endedMs = -Infinity;

  /** @param program - whose journal it stands in */
  take(record: JournalRecord, program: string): void {
    const tMs = record[1];
    if (tMs < this.#beganMs) this.#beganMs = tMs;
    if (tMs > this.#endedMs) this.#endedMs = tMs;
    switch (record[0]) {
      case 'arrived': {
        const [, , clientId, connection, life, log, n] = record;
        const { tMs: times, client, connection: connections, life: lives, log: logs, n: numbers } = this.#arrivals;
        times.push(tMs);
        client.push(this.#client(clientId));
        connections.push(connection);
        lives.push(this.#lives.id(life));
        logs.push(this.#logs.id(log));
        numbers.push(n);
        return;
      }
      case 'intent':
      case 'accepted':
      case 'failed':
      case 'abandoned': {
        this.#sent(record[0], tMs, record[2], record[3], record[4], program);
        return;
      }
      case 'joined':
        return void listOf(this.#known(record[2]).joins, this.#logs.id(record[3])).push(tMs);
      case 'gap': {
        this.#told(record);
        return;
      }
      case 'loss':
        return void this.#lossesMs.push(tMs);
      case 'served': {
        this.#served(record);
        return;
      }
      case 'closed':
        return void this.#closes.push(record);
      case 'present':
        return void this.#known(record[2]).presents.push({ tMs, what: record[3] });
      case 'presence': {
        this.#heard(record);
        return;
      }
      case 'fault':
        return void this.#faults.push(record);
      case 'phase':
        return void this.#phases.push(record);
      case 'sample':
        return void this.#samples.push(record);
    }
  }

  /** @throws ImpossibleHistory when records contradict each other */
  build(): History {
    for (const [, tMs, clientId, connection] of this.#closes) {
      const serving = this.#known(clientId).servings.find((one) => one.connection === connection);
      if (serving === undefined) throw new ImpossibleHistory(`${clientId} had no connection ${connection} to lose`);
      serving.closedMs = tMs;
    }
    for (const { servings, presents, gaps, joins } of this.#clients) {
      servings.sort((a, b) => a.servedMs - b.servedMs);
      presents.sort((a, b) => a.tMs - b.tMs);
      for (const times of [...gaps.values(), ...joins.values()]) times.sort((a, b) => a - b);
    }
    const { client, tMs, connection, life, log, n } = this.#arrivals;
    const groups = new Groups(client.values(), this.#clients.length);
    const hasAny = this.#beganMs < Infinity;
    return {
      clients: this.#clients,
      logs: this.#logs,
      lives: this.#lives,
      messages: new Messages(this.#sends, this.#logs.size),
      failedMs: this.#sends.failed.t.values(),
      arrivals: {
        tMs: tMs.values(),
        connection: connection.values(),
        life: life.values(),
        log: log.values(),
        n: n.values(),
        of: (id) => groups.of(id),
      },
      watchers: this.#watchers,
      lossesMs: this.#lossesMs,
      phases: new Phases(this.#phases),
      faults: this.#faults,
      samples: this.#samples,
      epochsMs: epochTimesOf(this.#samples),
      beganMs: hasAny ? this.#beganMs : 0,
      endedMs: hasAny ? this.#endedMs : 0,
    };
  }

  #sent(what: string, tMs: number, lifeName: string, log: LogName, n: number, program: string): void {
    const { intents, accepted, failed, acceptedByOther } = this.#sends;
    const rows = what === 'intent' ? intents : what === 'accepted' ? accepted : what === 'failed' ? failed : null;
    // What is given up may have been accepted all the same, or not: as one without an answer.
    if (rows === null) return;
    pushRow(rows, tMs, this.#lives.id(lifeName), this.#logs.id(log), n);
    if (rows === accepted) acceptedByOther.push(program === lifeName ? 0 : 1);
  }

  #served([, servedMs, clientId, kind, connection, shard, dialledMs]: Served): void {
    const client = this.#known(clientId);
    client.kind = kind;
    client.servings.push({ connection, shard, dialledMs, servedMs, closedMs: Infinity });
  }

  #told([, tMs, clientId, log]: ToldGap): void {
    listOf(this.#known(clientId).gaps, this.#logs.id(log)).push(tMs);
  }

  #heard([, tMs, watcher, clientId, type]: PresenceEvent): void {
    const own = this.#watchers.get(watcher) ?? new Map<string, Heard[]>();
    this.#watchers.set(watcher, own);
    listOf(own, clientId).push({ tMs, type });
  }

  #known(clientId: string): Client {
    const client = this.#clients[this.#client(clientId)];
    if (client === undefined) throw new RangeError(`nobody knows ${clientId}`);
    return client;
  }

  #client(clientId: string): number {
    const id = this.#ids.id(clientId);
    if (id === this.#clients.length) this.#clients.push(createClient(clientId));
    return id;
  }
}

function listOf<Key, Value>(lists: Map<Key, Value[]>, key: Key): Value[] {
  const known = lists.get(key);
  if (known) return known;
  const list: Value[] = [];
  lists.set(key, list);
  return list;
}
