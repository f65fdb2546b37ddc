/** A stretch of network between two parts of the system: TCP connections run through it, and it can misbehave. */
export interface Link {
  readonly name: string;
  readonly port: number;
  /** From now on, for connections that are open and for new ones; replaces what was set before. */
  behave(behaviour: Behaviour): Promise<void>;
  /** Ends every open connection at once with a reset; new ones work. Resolves to how many there were. */
  reset(): Promise<number>;
}

/** How a link treats bytes. Whatever it does, bytes that arrive do so whole and in order, as TCP has it. */
export type Behaviour =
  | { readonly type: 'pass' }
  /** Each chunk arrives `ms` later, and up to `jitterMs` more. */
  | { readonly type: 'delay'; readonly ms: number; readonly jitterMs: number }
  /** A packet is lost with this chance: it and all behind it wait for its repetition, 200 ms, doubled each time it is lost again. */
  | { readonly type: 'loss'; readonly chance: number }
  /** Nothing gets through and nobody is told; new connections are taken, and silent. What waits is delivered once the link passes again. */
  | { readonly type: 'partition' }
  /** As a partition, in one direction only. */
  | { readonly type: 'half-open'; readonly silent: 'to-server' | 'to-client' }
  /** New connections are refused with a reset; open ones go on. */
  | { readonly type: 'refuse' }
  | { readonly type: 'throttle'; readonly bytesPerSecond: number }
  /** Redis only: each published message on its way to a subscriber is dropped with this chance. */
  | { readonly type: 'drop-notifies'; readonly chance: number };
