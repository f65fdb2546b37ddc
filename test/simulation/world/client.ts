import type { Connection } from '@flotilla-im/client';
import type { Grants } from '@flotilla-im/protocol';
import type { SavedPositions } from '../../../sdk/client/src/events.ts';
import type { Address, AddressSource } from '../../../sdk/client/src/options.ts';
import type { Switchboard } from '../network/dialling.ts';
import type { Loop } from '../platform/loop.ts';
import { EPOCH_MS } from '../platform/platform.ts';
import { SimulatedProcess } from '../platform/process.ts';
import { openPage, type PageEars } from './page.ts';
import type { Service } from './service.ts';

/** How long it takes to sign in again. */
const RENEW_MS = 300;

/** What a client needs. */
export interface ClientDeps {
  readonly loop: Loop;
  readonly seed: number;
  readonly clientId: string;
  readonly switchboard: Switchboard;
  readonly backend: Service;
  readonly channels: readonly string[];
  readonly ears: PageEars;
  readonly grantsOf: (clientId: string) => Grants;
}

/** One client: a page that may be reloaded, and what is in its storage. */
export class Client {
  readonly clientId: string;
  process: SimulatedProcess;
  connection: Connection | null = null;
  /** Since when the page is connected; null while it is not. */
  connectedSinceMs: number | null = null;
  /** It does not come back. */
  isGone = false;
  /** When the session of its page ends. */
  endsAtMs = Infinity;
  readonly #deps: ClientDeps;
  #saved: SavedPositions = {};
  #pages = 0;

  constructor(deps: ClientDeps) {
    this.clientId = deps.clientId;
    this.#deps = deps;
    this.process = this.#open();
  }

  /** It goes for good: with a goodbye, or without a word. */
  leave(isPolite: boolean): void {
    const { process, connection } = this;
    this.isGone = true;
    this.connectedSinceMs = null;
    if (!isPolite || connection === null) process.kill();
    else this.#deps.loop.after(0, process, () => void connection.close());
  }

  /** Runs something on its page; nothing happens while there is none. */
  within(task: (connection: Connection) => Promise<unknown>): void {
    const { process } = this;
    if (this.isGone) return;
    this.#deps.loop.after(0, process, () => {
      if (this.process === process && this.connection !== null) void task(this.connection).catch(() => undefined);
    });
  }

  /** The page is gone without a word, and another one comes, whose session may end. */
  reload(downMs: number, endsAtMs = Infinity): void {
    if (this.isGone) return;
    this.endsAtMs = endsAtMs;
    this.process.kill();
    this.connection = null;
    this.connectedSinceMs = null;
    const { process } = this;
    const environment = new SimulatedProcess(this.#deps.loop, `${this.clientId} reload`, this.#deps.seed);
    this.#deps.loop.after(downMs, environment, () => {
      if (this.process === process && !this.isGone) this.process = this.#open();
    });
  }

  #open(): SimulatedProcess {
    const { loop, seed, clientId, channels, switchboard, ears } = this.#deps;
    this.#pages += 1;
    const process = new SimulatedProcess(loop, `page ${clientId}.${this.#pages}`, seed);
    loop.after(0, process, () => {
      this.connection = openPage({
        clientId,
        channels,
        dial: switchboard.dialFrom(process),
        address: this.#address(process),
        saved: this.#saved,
        save: (positions) => void (this.#saved = positions),
        ears: { ...ears, state: (type, why) => this.#state(type, why) },
      });
    });
    return process;
  }

  #state(type: string, why: string): void {
    if (type === 'error') {
      this.#deps.ears.state(type, why);
      return;
    }
    this.connectedSinceMs = type === 'connected' ? this.#deps.loop.nowMs : null;
    this.#deps.ears.state(type, why);
    // Who signed in again has another page.
    if (type === 'closed' && why === 'session_expired') this.reload(RENEW_MS);
  }

  /** Asks the backend, over a network of its own. */
  #address(process: SimulatedProcess): AddressSource {
    const { loop, backend, clientId, grantsOf } = this.#deps;
    const { endsAtMs } = this;
    const session = endsAtMs === Infinity ? {} : { sessionExpiresAt: EPOCH_MS + Math.floor(endsAtMs) };
    return () =>
      new Promise<Address>((resolve, reject) => {
        const answer = (settle: () => void): void => void loop.after(process.chance.between(0.2, 3), process, settle);
        loop.after(process.chance.between(0.2, 3), backend.process, () => {
          const { flotilla } = backend;
          if (flotilla === null) answer(() => reject(new Error('the backend starts')));
          else
            flotilla.connectInfo(clientId, { grants: grantsOf(clientId), ...session }).then(
              (address) => answer(() => resolve(address)),
              (error: unknown) => answer(() => reject(error instanceof Error ? error : new Error(String(error)))),
            );
        });
      });
  }
}
