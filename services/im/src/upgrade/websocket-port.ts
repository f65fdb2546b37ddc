import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { FlotillaError, SUBPROTOCOL, type TokenClaims, isFlotillaError } from '@flotilla-im/protocol';
import type { Logger } from 'pino';
import { refuseSocket } from '../http/answer.ts';
import { cutOff, type UpgradeHandler } from '../http/pod-server.ts';
import type { RequestPath } from '../http/request-path.ts';
import type { ShardCore, Upgrade, WebSocketProtocol } from '../shard/shard-core.ts';
import type { Gate } from './admission.ts';

/** What the WebSocket endpoint `…/ws` needs. */
export interface WebSocketPortOptions {
  readonly gate: Gate;
  /** null while the pod is starting. */
  readonly core: () => ShardCore | null;
  readonly verify: (token: unknown) => Promise<TokenClaims>;
  readonly addressOf: (request: IncomingMessage) => string;
  /** An arrival was refused, by error code. */
  readonly refused: (code: string) => void;
  readonly logger: Logger;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/**
 * Leads upgrades of `…/ws` to the core. Whoever is refused is accepted all the same, told in the manner of its protocol
 * and closed: a browser cannot read the status of a failed upgrade. Only while there is no core, and when there are more
 * arrivals than can be told, the answer is HTTP 503.
 */
export function createWebSocketPort(options: WebSocketPortOptions): UpgradeHandler {
  return (request, socket, head, path) => {
    const core = options.core();
    const offered = offeredProtocol(request);
    const address = options.addressOf(request);
    const admission = options.gate.admit({ address, origin: request.headers.origin, shard: path.shard });
    const upgrade = { request, socket, head };
    if (admission.type === 'dropped' || core === null) {
      if (admission.type === 'admitted') admission.release();
      refuseStarting(socket, admission.type === 'admitted' ? starting() : admission.error, options);
    } else if (admission.type === 'refused') {
      refuse(core, upgrade, offered ?? 'plain', admission.error, options);
    } else {
      const { release, welcomed } = admission;
      const arrival = { address, release, welcomed, arrivedAtMs: options.now() };
      void serve(core, upgrade, path, offered, arrival, options);
    }
  };
}

interface Admitted {
  readonly address: string;
  readonly arrivedAtMs: number;
  readonly release: () => void;
  readonly welcomed: () => void;
}

/** Never rejects. */
async function serve(
  core: ShardCore,
  upgrade: Upgrade,
  path: RequestPath,
  protocol: WebSocketProtocol | null,
  arrival: Admitted,
  options: WebSocketPortOptions,
): Promise<void> {
  try {
    if (protocol === null) throw new FlotillaError('unsupported_subprotocol', `only ${SUBPROTOCOL} is spoken here`);
    const claims = await options.verify(new URLSearchParams(path.query).get('token'));
    upgrade.socket.off('error', cutOff);
    core.openWebSocket(upgrade, protocol, { claims, ...arrival });
  } catch (error) {
    arrival.release();
    if (!isFlotillaError(error)) options.logger.error({ err: error }, 'upgrade failed');
    const told = isFlotillaError(error) ? error : new FlotillaError('internal', 'the connection could not be served');
    refuse(core, upgrade, protocol ?? 'plain', told, options);
  }
}

function refuse(
  core: ShardCore,
  upgrade: Upgrade,
  protocol: WebSocketProtocol,
  error: FlotillaError,
  options: WebSocketPortOptions,
): void {
  options.refused(error.code);
  options.logger.debug({ code: error.code, address: options.addressOf(upgrade.request) }, 'connection refused');
  core.refuseWebSocket(upgrade, protocol, error);
}

function refuseStarting(socket: Duplex, error: FlotillaError, { refused }: WebSocketPortOptions): void {
  refused(error.code);
  refuseSocket(socket, error, 503);
}

function starting(): FlotillaError {
  return new FlotillaError('overloaded', 'this shard is starting', { retryAfterMs: 1_000 });
}

/** No subprotocol is the plain WebSocket; ours may stand among others; null when only others are offered. */
function offeredProtocol({ headers }: IncomingMessage): WebSocketProtocol | null {
  const offered = headers['sec-websocket-protocol'];
  if (offered === undefined) return 'plain';
  const names = offered.split(',').map((name) => name.trim());
  return names.includes(SUBPROTOCOL) ? 'v1' : null;
}
