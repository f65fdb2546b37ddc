import { isChannelName } from '@flotilla-im/protocol';
import type { ClientEvent, Store, StreamName } from '@flotilla-im/store';
import * as v from 'valibot';
import type { CallOptions } from '../calls/call-options.ts';
import type { Calls } from '../calls/calls.ts';
import { CALL_ENTRIES, parseOptions, wholeNumber } from '../calls/parse-options.ts';
import type { ConsumeOptions, DeadLetter, Listening } from './consume-options.ts';
import type { EventConsumer } from './event-consumer.ts';
import { groupEvents } from './group-events.ts';
import { handleGroup } from './group-handler.ts';
import type { EventHandler } from './handle-event.ts';
import { createStopper } from './stopper.ts';
import { handleTail, tailEvents } from './tail-events.ts';
import { TailReader } from './tail-reader.ts';

const isGroupName = (value: unknown): value is string => isChannelName(value) && !/\s/.test(value);
const groupName = v.custom<string>(isGroupName, 'must be a name of 1 to 128 bytes without spaces');

/** What every consumer of events can be told. */
export const CONSUME_ENTRIES = {
  group: v.optional(groupName),
  signal: CALL_ENTRIES.signal,
  maxAttempts: wholeNumber(1),
  concurrency: wholeNumber(1),
  onError: v.optional(
    v.custom<NonNullable<ConsumeOptions['onError']>>((value) => typeof value === 'function', 'must be a function'),
  ),
};

const DEFAULT_MAX_ATTEMPTS = 5;
const DEFAULT_CONCURRENCY = 8;
const DEFAULT_DEAD_LETTERS = 100;

/** What the feeds of one instance share. */
export interface FeedParts {
  readonly store: Pick<Store, 'events' | 'notify'>;
  readonly calls: Calls;
  /** A name for a consumer, unique among all processes. */
  readonly nextConsumerName: () => string;
  /** Running handlers and iterations; the instance waits for them when it closes. */
  readonly listening: Set<Pick<Listening, 'close'>>;
}

/** One stream of events as the facade offers it. */
export class EventFeed<Event> {
  readonly #parts: FeedParts;
  readonly #stream: StreamName;

  constructor(parts: FeedParts, stream: StreamName) {
    this.#parts = parts;
    this.#stream = stream;
  }

  /** @param options - checked */
  events(toEvent: ToEvent<Event>, options: ConsumeOptions): AsyncIterable<Event> {
    const consumer = this.#consumer(toEvent, options);
    if (options.group !== undefined) return this.#tracked(groupEvents(consumer, options.group));
    return this.#tracked(tailEvents(consumer, this.#startedTail(consumer)));
  }

  /** @param options - checked */
  on(toEvent: ToEvent<Event>, handler: EventHandler<Event>, options: ConsumeOptions): Listening {
    const ready = createSignalled();
    const consumer = this.#consumer(toEvent, options, ready.signal);
    const running =
      options.group === undefined
        ? handleTail(consumer, this.#startedTail(consumer), handler)
        : handleGroup(consumer, options.group, handler);
    const listening: Listening = {
      ready: ready.signalled,
      close: async () => {
        consumer.stopper.stop();
        await running;
      },
    };
    this.#parts.listening.add(listening);
    void running.then(() => {
      this.#parts.listening.delete(listening);
      ready.signal();
    });
    return listening;
  }

  async deadLetters(
    toEvent: ToEvent<Event>,
    group: string,
    options: (CallOptions & { readonly limit?: number | undefined }) | undefined,
  ): Promise<DeadLetter<Event>[]> {
    parseOptions({ group: groupName }, { group }, 'deadLetters');
    const { limit = DEFAULT_DEAD_LETTERS, ...call } = parseOptions(
      { ...CALL_ENTRIES, limit: wholeNumber(1) },
      options,
      'deadLetters',
    );
    const { store, calls } = this.#parts;
    const letters = await calls.run(call, () => store.events.deadLetters(this.#stream, group, limit));
    return letters.flatMap(({ item, error }) => {
      const event = toEvent(item.event, item.attempt);
      return event === null ? [] : [{ event, error }];
    });
  }

  async backlog(group: string, options?: CallOptions): Promise<number> {
    parseOptions({ group: groupName }, { group }, 'backlog');
    return this.#parts.calls.run(options, () => this.#parts.store.events.backlog(this.#stream, group));
  }

  async forget(group: string, options?: CallOptions): Promise<void> {
    parseOptions({ group: groupName }, { group }, 'forget');
    return this.#parts.calls.run(options, () => this.#parts.store.events.forget(this.#stream, group));
  }

  /** Lets closing wait for iterations that have begun, so that they can still confirm and give their leases back. */
  async *#tracked(events: AsyncGenerator<Event, void, undefined>): AsyncGenerator<Event, void, undefined> {
    const ended = createSignalled();
    const listening = { close: () => ended.signalled };
    this.#parts.listening.add(listening);
    try {
      yield* events;
    } finally {
      this.#parts.listening.delete(listening);
      ended.signal();
    }
  }

  /** Begins now, not at the first `next`: what happens in between belongs to the iteration. */
  #startedTail(consumer: EventConsumer<Event>): TailReader {
    const reader = new TailReader(consumer.store, this.#stream, consumer.timing);
    // A failure comes up again, and is told, when the reader is first asked.
    reader.start().catch(() => undefined);
    return reader;
  }

  #consumer(toEvent: ToEvent<Event>, options: ConsumeOptions, onReady: () => void = ignore): EventConsumer<Event> {
    const { store, calls, nextConsumerName } = this.#parts;
    calls.checkOpen(undefined);
    return {
      store,
      timing: calls.timing,
      source: { stream: this.#stream, toEvent },
      name: nextConsumerName(),
      maxAttempts: options.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
      concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
      onError: harmless(options.onError),
      stopper: createStopper(options.signal, calls.closing),
      onReady,
    };
  }
}

/** The caller's form of an event; null for those that were not asked for. */
export type ToEvent<Event> = (event: ClientEvent, attempt: number) => Event | null;

function ignore(): void {
  // Nobody asked to be told.
}

/** A promise, and the function that resolves it. */
function createSignalled(): { readonly signalled: Promise<void>; readonly signal: () => void } {
  let signal: () => void = ignore;
  const signalled = new Promise<void>((resolve) => {
    signal = resolve;
  });
  return { signalled, signal };
}

/** The caller's `onError`, which may fail itself. */
function harmless(onError: ConsumeOptions['onError']): NonNullable<ConsumeOptions['onError']> {
  return (error, context) => {
    try {
      onError?.(error, context);
    } catch {
      // Reporting a failure must not become one.
    }
  };
}
