import type { ClientEvent } from '@flotilla-im/store';
import type { CallOptions } from '../calls/call-options.ts';
import { parseOptions } from '../calls/parse-options.ts';
import type { DeadLetter, Listening } from '../events/consume-options.ts';
import { CONSUME_ENTRIES, EventFeed, type FeedParts } from '../events/event-feed.ts';
import type { Upstream, UpstreamFrame, UpstreamOptions } from './upstream.ts';

const DEFAULT_GROUP = 'default';

/** Upstream over the store. */
export class ClientUpstream implements Upstream {
  readonly #feed: EventFeed<UpstreamFrame>;

  constructor(feeds: FeedParts) {
    this.#feed = new EventFeed(feeds, 'upstream');
  }

  frames(options?: UpstreamOptions): AsyncIterable<UpstreamFrame> {
    return this.#feed.events(upstreamFrame, grouped(options, 'upstream.frames'));
  }

  on(handler: (frame: UpstreamFrame) => void | Promise<void>, options?: UpstreamOptions): Listening {
    return this.#feed.on(upstreamFrame, handler, grouped(options, 'upstream.on'));
  }

  deadLetters(
    group: string,
    options?: CallOptions & { readonly limit?: number | undefined },
  ): Promise<DeadLetter<UpstreamFrame>[]> {
    return this.#feed.deadLetters(upstreamFrame, group, options);
  }

  backlog(group: string, options?: CallOptions): Promise<number> {
    return this.#feed.backlog(group, options);
  }

  forget(group: string, options?: CallOptions): Promise<void> {
    return this.#feed.forget(group, options);
  }
}

function grouped(options: UpstreamOptions | undefined, what: string): UpstreamOptions {
  const given = parseOptions(CONSUME_ENTRIES, options, what);
  return { ...given, group: given.group ?? DEFAULT_GROUP };
}

function upstreamFrame(event: ClientEvent, attempt: number): UpstreamFrame | null {
  if (event.type !== 'frame') return null;
  const { clientId, connection, device, id, format, at, metadata } = event;
  const data = format === 'json' ? parsed(event.data) : event.data;
  return { clientId, connection, device, id, data, format, at, metadata, attempt };
}

/** The shards let no other text in; if one does, it must not end the iteration that meets it. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
