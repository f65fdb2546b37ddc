import type { TokenClaims } from '@flotilla-im/protocol';
import type { Flotilla } from '@flotilla-im/sdk';
import type { Store } from '@flotilla-im/store';
import type { Logger } from 'pino';
import type { Limits } from '../config/limits.ts';
import type { Observer } from './observer.ts';

/** Clock, chance and timers of a pod; tests bring their own. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Milliseconds that never jump. */
  readonly nowMs: () => number;
  /** Uniform in [0, 1). */
  readonly chance: () => number;
  /** A new unique id, 22 characters of base64url or fewer. */
  readonly newId: () => string;
  /** The part of the machine's processors that nobody used of late, from 0 to 1; null where that is not known. */
  readonly idle: () => number | null;
}

/** The parts of the SDK by which clients' own requests are done. */
export type RequestFace = Pick<Flotilla, 'send' | 'channels'>;

/** Makes the token that a `moved` frame carries: the same claims for one more connection. */
export type MintToken = (claims: Omit<TokenClaims, 'jti' | 'iat' | 'exp'>) => Promise<string>;

/** What the core of a pod needs. The composition root brings it. */
export interface ShardDeps {
  readonly shard: number;
  /** Version of the software, for the fleet. */
  readonly version: string;
  readonly store: Store;
  /** An instance of the SDK over the same store. */
  readonly flotilla: RequestFace;
  readonly mintToken: MintToken;
  readonly limits: Limits;
  readonly logger: Logger;
  readonly observer: Observer;
  readonly surroundings: Surroundings;
}
