import { connect, type Connection } from '@flotilla-im/client';
import type { SavedPositions } from '../../../sdk/client/src/events.ts';
import type { AddressSource, WebSocketClass } from '../../../sdk/client/src/options.ts';
import type { Dial } from '../network/web-socket.ts';
import { SimulatedWebSocket } from '../network/web-socket.ts';
import { CLIENT } from './settings.ts';

/** What the application on a page does with what it is told. */
export interface PageEars {
  readonly got: (log: string, number: unknown, position: string) => void;
  readonly gap: (log: string, position: string) => void;
  readonly joined: (log: string) => void;
  readonly left: (log: string) => void;
  readonly state: (type: string, why: string) => void;
  /** One that served it serves no more; how many do still. */
  readonly serving: (connections: number) => void;
}

const WELCOME = '{"type":"welcome"';

/** What a page needs. */
export interface PageDeps {
  readonly clientId: string;
  /** Those of which it is a member. */
  readonly channels: readonly string[];
  readonly dial: Dial;
  readonly address: AddressSource;
  /** What an earlier page of this client had, from its storage. */
  readonly saved: SavedPositions;
  readonly save: (positions: SavedPositions) => void;
  readonly ears: PageEars;
}

/** An application with the client in it. Runs within its process. Like a careful one, it stores positions with what it got. */
export function openPage({ clientId, channels, dial, address, saved, save, ears }: PageDeps): Connection {
  const serving = new Set<SimulatedWebSocket>();
  const WebSocket = class extends SimulatedWebSocket {
    constructor(url: string, protocols: readonly string[]) {
      super(dial, url, protocols);
      this.addEventListener('message', ({ data }: { data: string }) => {
        if (data.startsWith(WELCOME)) serving.add(this);
      });
      this.addEventListener('close', () => this.#ends());
    }

    override close(code?: number, reason?: string): void {
      super.close(code, reason);
      this.#ends();
    }

    #ends(): void {
      if (serving.delete(this)) ears.serving(serving.size);
    }
  } as unknown as WebSocketClass;
  const connection = connect({ address, WebSocket, resume: saved, ...CLIENT });
  const logOf = (channel: string | null): string => (channel === null ? `inbox ${clientId}` : `channel ${channel}`);
  connection.on('message', ({ channel, data, position }) => {
    save(connection.positions);
    ears.got(logOf(channel), data, position);
  });
  connection.on('gap', ({ channel, position }) => {
    save(connection.positions);
    ears.gap(logOf(channel), position);
  });
  connection.on('state', (state) => {
    if (state.type === 'connected') {
      save(connection.positions);
      for (const channel of channels) {
        if (connection.channels.includes(channel)) ears.joined(`channel ${channel}`);
        else ears.left(`channel ${channel}`);
      }
    }
    ears.state(state.type, 'reason' in state ? state.reason : '');
  });
  connection.on('joined', ({ channel }) => ears.joined(`channel ${channel}`));
  connection.on('left', ({ channel }) => ears.left(`channel ${channel}`));
  connection.on('error', (error) => ears.state('error', error.message));
  return connection;
}
