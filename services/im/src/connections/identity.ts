import {
  type GrantedFirst,
  type Grants,
  slowReaderPolicy,
  type SlowReaderPolicy,
  type TokenClaims,
} from '@flotilla-im/protocol';
import type { LogKey } from '@flotilla-im/store';
import type { ClientRecord } from './client-record.ts';
import type { Arrival } from './session.ts';

/**
 * Whose connection it is, and what it may do: what its token says, and what business has said since. A base, not a part: of a
 * connection there is one object, since there are many connections.
 */
export abstract class Identity {
  readonly connection: string;
  readonly claims: TokenClaims;
  /** Set from `resume` on. */
  record: ClientRecord | null = null;
  protected readonly arrival: Arrival;

  constructor(arrival: Arrival, connection: string) {
    this.arrival = arrival;
    this.claims = arrival.claims;
    this.connection = connection;
  }

  get clientId(): string {
    return this.claims.sub;
  }

  get device(): string | null {
    return this.claims.device ?? null;
  }

  get address(): string {
    return this.arrival.address;
  }

  /** It is served now. */
  welcomed(): void {
    this.arrival.welcomed?.();
  }

  get arrivedAtMs(): number {
    return this.arrival.arrivedAtMs;
  }

  /** The token's, or what business replaced them with since. */
  get grants(): Grants | undefined {
    const { iat, grants } = this.grantedFirst;
    const replaced = this.record?.grants;
    return replaced && iat * 1_000 <= replaced.atMs ? replaced.grants : grants;
  }

  /** What the client came with, and when that was granted: a move grants nothing. */
  get grantedFirst(): GrantedFirst {
    const { granted, iat, grants } = this.claims;
    return granted ?? { iat, ...(grants === undefined ? {} : { grants }) };
  }

  get mayGoUpstream(): boolean {
    return this.grants?.upstream === true;
  }

  /** What becomes of messages of a log that it reads too slowly. */
  policyOf({ kind, id }: LogKey): SlowReaderPolicy {
    return slowReaderPolicy(this.claims.slowReader, kind === 'channel' ? id : null);
  }
}
