import { Violation } from './violation.ts';

/** What was told of one client. */
interface Told {
  isOnline: boolean;
  online: number;
  offline: number;
}

/** The presence events that were written, in their order. */
export class PresenceRecord {
  readonly #clients = new Map<string, Told>();
  readonly #isServed: (clientId: string) => boolean;
  /** Whether Redis has lost data. */
  isLossy = false;

  /** @param isServed - whether a client has been connected, beyond doubt, for longer than the grace lasts */
  constructor(isServed: (clientId: string) => boolean) {
    this.#isServed = isServed;
  }

  /** Redis lost what it knew of presence: who is there is told to be online anew. */
  lose(): void {
    this.isLossy = true;
  }

  /** An event was written. @throws {Violation} presence */
  event(json: string): void {
    const { type, clientId } = JSON.parse(json) as { type: string; clientId: string };
    if (type !== 'online' && type !== 'offline') return;
    const told = this.of(clientId);
    const isOnline = type === 'online';
    if (told.isOnline === isOnline && !this.isLossy) {
      throw new Violation('presence', `${clientId} was told to be ${type} twice`);
    }
    if (!isOnline && this.#isServed(clientId)) {
      throw new Violation('presence', `${clientId} was told to be offline while it was connected`);
    }
    told.isOnline = isOnline;
    told[type] += 1;
  }

  of(clientId: string): Told {
    let told = this.#clients.get(clientId);
    if (told === undefined) this.#clients.set(clientId, (told = { isOnline: false, online: 0, offline: 0 }));
    return told;
  }
}
