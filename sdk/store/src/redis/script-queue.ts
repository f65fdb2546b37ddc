import type { RedisReply } from './connection.ts';

/** One run of a step, as the client is to send it. */
export interface ScriptCall {
  readonly name: string;
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
}

/** How the queue reaches Redis. */
export interface ScriptSender {
  /** Sends the hash of a step; rejects with NOSCRIPT where Redis has forgotten it. */
  readonly byHash: (call: ScriptCall) => Promise<RedisReply>;
  /** Sends the text of a step. */
  readonly byText: (call: ScriptCall) => Promise<RedisReply>;
  /** Redis has forgotten this step; nothing is on its way, and the step is sent with its text next. */
  readonly onForgotten: (name: string) => void;
}

interface Sent extends ScriptCall {
  readonly resolve: (reply: RedisReply) => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * The steps of one client, in order although Redis may forget a script at any time. The first one that it refuses as
 * unknown holds back all that are asked for later, until those already sent have been answered. Then the refused ones are
 * sent again in their order, and after them those held back. All partitions wait together, since bringing a script back
 * for one brings it back for the others of the same connection, whose own refusals may not have been heard yet.
 *
 * What remains: of two steps on their way, the first may be refused and the second not, if another client brings the
 * script between them. Then the second stands first.
 */
export class ScriptQueue {
  readonly #sender: ScriptSender;
  #underWay = 0;
  /** Null while Redis knows the scripts. */
  #refused: Sent[] | null = null;
  #held: Sent[] = [];

  constructor(sender: ScriptSender) {
    this.#sender = sender;
  }

  /** Rejects with the client's own error, which is never NOSCRIPT. */
  run(call: ScriptCall): Promise<RedisReply> {
    return new Promise((resolve, reject) => {
      const sent = { ...call, resolve, reject };
      if (this.#refused === null) this.#send(sent, false);
      else this.#held.push(sent);
    });
  }

  #send(sent: Sent, isText: boolean): void {
    const { byHash, byText } = this.#sender;
    const answer = isText ? byText(sent) : byHash(sent);
    this.#underWay += 1;
    answer.then(
      (reply) => {
        sent.resolve(reply);
        this.#answered();
      },
      (cause: unknown) => {
        if (!isText && isForgotten(cause)) (this.#refused ??= []).push(sent);
        else sent.reject(cause);
        this.#answered();
      },
    );
  }

  #answered(): void {
    this.#underWay -= 1;
    if (this.#underWay > 0 || this.#refused === null) return;
    const due = [...this.#refused, ...this.#held];
    this.#refused = null;
    this.#held = [];
    for (const name of new Set(due.map((sent) => sent.name))) this.#sender.onForgotten(name);
    for (const sent of due) this.#send(sent, true);
  }
}

function isForgotten(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith('NOSCRIPT');
}
