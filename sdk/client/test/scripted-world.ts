import type {
  ClientFrame,
  FlotillaError,
  MessageFrame,
  ReplyFrame,
  ServerFrame,
  WelcomeFrame,
} from '@flotilla-im/protocol';
import type { ConnectionEvent, ConnectionState } from '../src/events.ts';
import type { MachineIo } from '../src/machine-io.ts';
import { Machine, type MachineOptions } from '../src/machine.ts';
import type { Address } from '../src/options.ts';

/** The first generation of the logs in these tests. */
export const A = 'aaaaaaaaaaaa';
/** A later one. */
export const B = 'bbbbbbbbbbbb';

const OPTIONS: MachineOptions = {
  resume: {},
  outboxLimit: 1_000,
  requestsPerSecond: 80,
  requestBurst: 100,
  backoffBaseMs: 200,
  backoffCapMs: 20_000,
  addressTimeoutMs: 10_000,
  connectTimeoutMs: 10_000,
};

/** A socket of the scripted world, seen from the pod's end. */
export class ScriptedSocket {
  readonly address: Address;
  /** What the client sent. */
  readonly sent: ClientFrame[] = [];
  /** The client's close, once it came. */
  closing: { code: number; reason: string } | null = null;
  readonly #machine: Machine;
  readonly #id: number;

  constructor(machine: Machine, id: number, address: Address) {
    this.#machine = machine;
    this.#id = id;
    this.address = address;
  }

  /** The handshake succeeds. */
  open(): this {
    this.#machine.opened(this.#id);
    return this;
  }

  /** The pod says something; raw values go as they are. */
  say(...frames: (ServerFrame | { raw: unknown })[]): this {
    for (const frame of frames) this.#machine.received(this.#id, 'raw' in frame ? frame.raw : JSON.stringify(frame));
    return this;
  }

  /** The close event. */
  end(code = 1006, reason = ''): void {
    this.#machine.closed(this.#id, code, reason);
  }

  /** What the client sent of one type. */
  sentOf<Type extends ClientFrame['type']>(type: Type): Extract<ClientFrame, { type: Type }>[] {
    return this.sent.filter((frame): frame is Extract<ClientFrame, { type: Type }> => frame.type === type);
  }
}

/** More than any test's time has use for. */
const MOST_ALARMS = 10_000;

/** A machine in a world where nothing happens unless a test says so. */
export class ScriptedWorld {
  now = 1_000_000;
  chance = 0.5;
  readonly machine: Machine;
  readonly sockets: ScriptedSocket[] = [];
  readonly events: ConnectionEvent[] = [];
  readonly asked: number[] = [];
  readonly abandoned: number[] = [];
  finished = 0;
  /** Called for every event, as an application's handlers are. */
  handler: (event: ConnectionEvent) => void = () => undefined;
  #alarmAt: number | null = null;
  readonly #byId = new Map<number, ScriptedSocket>();

  constructor(options: Partial<MachineOptions> = {}) {
    this.machine = new Machine({ ...OPTIONS, ...options }, this.#createIo());
  }

  /** The newest socket. */
  get socket(): ScriptedSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('no socket has been opened yet');
    return socket;
  }

  get states(): ConnectionState[] {
    return this.detailsOf('state') as ConnectionState[];
  }

  /** What handlers of one event type got. */
  detailsOf(type: ConnectionEvent['type']): unknown[] {
    return this.events.filter((event) => event.type === type).map((event) => event.detail);
  }

  /** Data of the messages that the application got. */
  get data(): unknown[] {
    return this.events.flatMap((event) => (event.type === 'message' ? [event.detail.data] : []));
  }

  /** The application's backend answers the last question. */
  answer(address: Address | null = { url: 'ws://pod/s/0/ws', token: `t${this.asked.length}` }): void {
    this.machine.addressed(this.asked.at(-1) ?? 0, address);
  }

  /** From nothing to a served connection. */
  serve(changes: Partial<WelcomeFrame> = {}): ScriptedSocket {
    if (this.asked.length === 0) this.machine.start();
    this.answer();
    return this.socket.open().say(welcome(changes));
  }

  /** Lets time pass, alarms included. */
  advance(ms: number): void {
    const end = this.now + ms;
    for (let alarms = 0; this.#alarmAt !== null && this.#alarmAt <= end; alarms += 1) {
      if (alarms > MOST_ALARMS) throw new Error('the alarm is set without end');
      this.now = Math.max(this.now, this.#alarmAt);
      this.#alarmAt = null;
      this.machine.alarm();
    }
    this.now = end;
  }

  /** Time passes without timers, as in a suspended device; then the alarm comes, late. */
  sleep(ms: number): void {
    this.now += ms;
    this.#alarmAt = null;
    this.machine.alarm();
  }

  /** Makes a request of the application; the outcome fills in once there is one. */
  request(id: string, isLive = false): { reply?: ReplyFrame; error?: FlotillaError } {
    const outcome: { reply?: ReplyFrame; error?: FlotillaError } = {};
    const text = JSON.stringify({ type: 'send', id, to: 'bob', data: id });
    this.machine.request({
      id,
      text,
      isLive,
      resolve: (reply) => {
        outcome.reply = reply;
      },
      reject: (error) => {
        outcome.error = error;
      },
    });
    return outcome;
  }

  #createIo(): MachineIo {
    return {
      now: () => this.now,
      chance: () => this.chance,
      setAlarm: (at) => {
        this.#alarmAt = at;
      },
      fetchAddress: (ticket) => void this.asked.push(ticket),
      abandonAddress: (ticket) => void this.abandoned.push(ticket),
      openSocket: (link, address) => {
        const socket = new ScriptedSocket(this.machine, link, address);
        this.#byId.set(link, socket);
        this.sockets.push(socket);
      },
      sendText: (link, text) => void this.#byId.get(link)?.sent.push(JSON.parse(text) as ClientFrame),
      closeSocket: (link, code, reason) => {
        const socket = this.#byId.get(link);
        if (socket) socket.closing ??= { code, reason };
      },
      emit: (event) => {
        this.events.push(event);
        this.handler(event);
      },
      finished: () => {
        this.finished += 1;
      },
    };
  }
}

/** A welcome for a client whose inbox is at A.0 and that is a member of nothing. */
export function welcome(changes: Partial<WelcomeFrame> = {}): WelcomeFrame {
  return {
    type: 'welcome',
    clientId: 'alice',
    connection: 'c1',
    shard: 0,
    epoch: 1,
    inbox: { position: `${A}.0`, recovered: true },
    channels: {},
    heartbeatMs: 15_000,
    heartbeatTimeoutMs: 20_000,
    ...changes,
  };
}

/** A message at a position, with the position as its data. */
export function message(position: string, channel?: string): MessageFrame {
  const data = channel === undefined ? position : `${channel}:${position}`;
  return {
    type: 'message',
    position,
    id: `m-${data}`,
    from: 'bob',
    at: 1,
    ...(channel === undefined ? {} : { channel }),
    data,
  };
}

/** Messages of one generation with the offsets `first` … `last`. */
export function messages(generation: string, first: number, last: number, channel?: string): MessageFrame[] {
  return Array.from({ length: last - first + 1 }, (_, i) => message(`${generation}.${first + i}`, channel));
}

/** The data of those messages. */
export function dataOf(generation: string, first: number, last: number, channel?: string): unknown[] {
  return messages(generation, first, last, channel).map((frame) => frame.data);
}
