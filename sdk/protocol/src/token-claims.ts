import type { Grants } from './grants.ts';

/** Claims of a connection token (JWT, HS256 or EdDSA). Registered names: RFC 7519, section 4.1. */
export interface TokenClaims {
  /** The cluster's name. */
  readonly aud: string;
  /** The clientId. */
  readonly sub: string;
  /** Token id; spent at the first connection. */
  readonly jti: string;
  /** Seconds since 1970, with milliseconds as a fraction. */
  readonly iat: number;
  /** Seconds since 1970. The address is good until then; an open connection is not bound by it. */
  readonly exp: number;
  /** What the client may do. */
  readonly grants?: Grants;
  /** Device name: its own cursors. */
  readonly device?: string;
  /** Closes older connections of the client when this one opens. */
  readonly replace?: true;
  /** Milliseconds since 1970: the session ends then. */
  readonly sessionExpiresAt?: number;
  /** Anything; comes back in presence events and upstream frames. At most 2 KiB as JSON. */
  readonly metadata?: unknown;
  /** Only in the token of a `moved` frame: the connection it continues; presence sees no new arrival. */
  readonly continues?: string;
}
