import { Chance } from '../platform/chance.ts';
import type { SimulatedProcess } from '../platform/process.ts';
import type { Reply } from '../redis/command.ts';
import type { RedisHost, Sent } from './redis-host.ts';
import { Way } from './way.ts';

/** What the client's end of a connection hears. */
export interface LinkEnd {
  readonly told: (channel: string, text: string) => void;
  readonly heard: () => void;
  readonly lost: () => void;
}

type Answer = { readonly reply: Reply } | { readonly error: Error };

/** One connection to Redis. Both directions keep their order and take their time. */
export class RedisLink {
  readonly process: SimulatedProcess;
  readonly #host: RedisHost;
  readonly #end: LinkEnd;
  readonly #there: Way;
  readonly #back: Way;
  #isClosed = false;
  readonly #forgetProcess: () => void;

  constructor(host: RedisHost, process: SimulatedProcess, seed: number, end: LinkEnd) {
    this.process = process;
    this.#host = host;
    this.#end = end;
    const chance = new Chance(seed, `redis ${process.newId()}`);
    this.#there = new Way(host.loop, chance, host.process);
    this.#back = new Way(host.loop, chance, process);
    this.#forgetProcess = process.onEnd(() => this.close());
    host.links.add(this);
  }

  /** Commands that leave in one packet are done one after the other, with nothing between them. */
  send(packet: readonly Sent[]): void {
    this.#there.carry(() => {
      const answers = packet.map((sent) => this.#execute(sent));
      this.#back.carry(() => {
        if (this.#isClosed) return;
        this.#end.heard();
        packet.forEach((sent, i) => settle(sent, answers[i]));
      });
    });
  }

  /** Something is published to it. */
  tell(channel: string, text: string): void {
    this.#back.carry(() => {
      if (!this.#isClosed) this.#end.told(channel, text);
    });
  }

  /** The network breaks it: what was on its way is lost, in both directions, and the client hears so. */
  reset(): void {
    if (this.#isClosed) return;
    this.#there.cut();
    this.#back.cut();
    this.#host.forget(this);
    this.#host.loop.at(this.#host.loop.nowMs, this.process, () => {
      if (this.#isClosed) return;
      this.close();
      this.#end.lost();
    });
  }

  /** The network carries nothing for a while; what was sent arrives after that, as TCP has it. */
  hold(untilMs: number): void {
    this.#there.hold(untilMs);
    this.#back.hold(untilMs);
  }

  /** The client ends it. What it sent still arrives. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#forgetProcess();
    this.#there.carry(() => this.#host.forget(this));
  }

  #execute({ name, args }: Sent): Answer {
    try {
      if (name === 'SUBSCRIBE') for (const channel of args) this.#host.subscribe(this, channel);
      else if (name === 'UNSUBSCRIBE') for (const channel of args) this.#host.unsubscribe(this, channel);
      else return { reply: this.#host.server.execute(name, args) };
      return { reply: args.length };
    } catch (error) {
      return { error: error as Error };
    }
  }
}

function settle({ resolve, reject }: Sent, answer: Answer | undefined): void {
  if (answer === undefined || 'reply' in answer) resolve(answer?.reply ?? null);
  else reject(answer.error);
}
