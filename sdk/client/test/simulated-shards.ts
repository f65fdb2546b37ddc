import type { ClientFrame, ResumeFrame, ServerFrame } from '@flotilla-im/protocol';
import { message, type ScriptedSocket, ScriptedWorld, welcome } from './scripted-world.ts';

/** One connection, seen from its pod: what it has said and the client not yet received, and how far it is in each log. */
class PodSide {
  readonly socket: ScriptedSocket;
  readonly queue: ServerFrame[] = [];
  isServed = false;
  inbox = 0;
  news = 0;
  #heard = 0;

  constructor(socket: ScriptedSocket) {
    this.socket = socket;
  }

  /** What the client has said since the last call. */
  listen(): ClientFrame[] {
    const frames = this.socket.sent.slice(this.#heard);
    this.#heard = this.socket.sent.length;
    return frames;
  }
}

const offsetOf = (position: string | undefined): number => Number(position?.split('.')[1] ?? 0);

/**
 * Shards that keep every promise, with two logs that all of them read: each connection is a cursor over both. The network
 * delivers late, and connections die whenever `act` says so.
 */
export class SimulatedShards {
  readonly world = new ScriptedWorld({ backoffBaseMs: 1 });
  /** Everything that was ever accepted, by log: positions. */
  readonly inbox: string[] = [];
  readonly news: string[] = [];
  /** Request ids in the order in which they first took effect. */
  readonly done: string[] = [];
  requests = 0;
  #epoch = 1;
  #generation = 10;
  readonly #sides = new Map<ScriptedSocket, PodSide>();

  constructor() {
    this.world.machine.start();
  }

  /** A new life of Redis, which kept everything. */
  newGeneration(): void {
    this.#generation += 1;
  }

  append(log: 'inbox' | 'news'): void {
    const positions = this[log];
    positions.push(`${String(this.#generation).padStart(12, '0')}.${positions.length + 1}`);
  }

  request(): void {
    this.requests += 1;
    this.world.request(`r${this.requests}`);
  }

  /** Tells the newest served connection to move. */
  move(): void {
    this.#epoch += 1;
    const served = this.#open()
      .filter((side) => side.isServed)
      .at(-1);
    served?.queue.push({ type: 'moved', url: 'ws://pod/ws', token: 't', epoch: this.#epoch });
  }

  /** A connection dies with whatever was on its way. */
  kill(which: number): void {
    const open = this.#open();
    const side = open[which % Math.max(1, open.length)];
    if (side) this.#end(side);
  }

  /** One connection makes some progress: it opens, or up to `frames` frames reach the client and what it said its pod. */
  progress(which: number, frames: number): void {
    const open = this.#open();
    const side = open[which % Math.max(1, open.length)];
    if (!side) return;
    if (side.socket.sent.length === 0) {
      side.socket.open();
      return;
    }
    for (const frame of side.queue.splice(0, frames)) side.socket.say(frame);
    for (const frame of side.listen()) this.#hear(side, frame);
    this.#deliver(side);
    if (side.socket.closing) this.#end(side);
  }

  /** Time passes, and the backend answers. */
  pass(ms: number): void {
    this.world.advance(ms);
    this.world.answer();
  }

  /** Everything that can happen without a new fault, happens. */
  calm(): void {
    for (let round = 0; round < 60; round++) {
      this.pass(50);
      this.#open().forEach((_, which) => this.progress(which, 1_000));
    }
  }

  #open(): PodSide[] {
    for (const socket of this.world.sockets) if (!this.#sides.has(socket)) this.#sides.set(socket, new PodSide(socket));
    return [...this.#sides.values()].filter((side) => !this.#ended.has(side));
  }

  readonly #ended = new Set<PodSide>();

  #end(side: PodSide): void {
    this.#ended.add(side);
    side.socket.end(1006);
  }

  #hear(side: PodSide, frame: ClientFrame): void {
    if (frame.type === 'resume') this.#welcome(side, frame);
    else if (frame.type === 'ping') side.queue.push({ type: 'pong' });
    else if (frame.type === 'send') {
      if (!this.done.includes(frame.id)) this.done.push(frame.id);
      side.queue.push({ type: 'reply', re: frame.id, ok: true });
    }
  }

  #welcome(side: PodSide, { inbox, channels }: ResumeFrame): void {
    side.inbox = offsetOf(inbox);
    side.news = offsetOf(channels?.['news']);
    side.isServed = true;
    side.queue.push(
      welcome({
        inbox: { position: inbox ?? '0.0', recovered: true },
        channels: { news: { position: channels?.['news'] ?? '0.0', recovered: true } },
      }),
    );
  }

  #deliver(side: PodSide): void {
    if (!side.isServed) return;
    side.queue.push(...this.inbox.slice(side.inbox).map((position) => message(position)));
    side.queue.push(...this.news.slice(side.news).map((position) => message(position, 'news')));
    side.inbox = this.inbox.length;
    side.news = this.news.length;
  }
}
