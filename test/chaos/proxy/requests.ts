import type { Behaviour } from './link.ts';
import type { LinkTarget } from './link-server.ts';

/** What the proxy's process is asked for. */
export type ProxyRequest =
  | { readonly type: 'open'; readonly name: string; readonly target: LinkTarget }
  | { readonly type: 'behave'; readonly name: string; readonly behaviour: Behaviour }
  | { readonly type: 'reset'; readonly name: string };

/** A request on its way, numbered. */
export interface NumberedRequest {
  readonly id: number;
  readonly request: ProxyRequest;
}

/** The answer to the request of this number: a port, a count, 0 where there is nothing to say; or a sentence why not. */
export interface ProxyReply {
  readonly id: number;
  readonly value?: number;
  readonly error?: string;
}
