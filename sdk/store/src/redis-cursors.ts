import { formatPosition, parsePosition, type Position } from '@flotilla-im/protocol';
import { encodeChannelCursors } from './channel-cursors.ts';
import { partitionOf } from './partition.ts';
import type { Cursors, PresenceStore } from './presence.ts';
import type { RedisConnection, RedisReply } from './redis/connection.ts';
import { textReply } from './redis/reply.ts';
import type { CompiledStateOptions } from './state-options.ts';

type ClientCursors = Parameters<PresenceStore['storeCursors']>[1][number];
type ReceiptState = Awaited<ReturnType<PresenceStore['receiptState']>>;

/** Clients one script call takes; it holds Redis up for about 10 µs each. */
const BATCH = 64;

/** What may share a call: everything where there is one master, a partition's clients on a cluster. */
function batches(all: readonly ClientCursors[], isCluster: boolean): ClientCursors[][] {
  const open = new Map<number, ClientCursors[]>();
  const found: ClientCursors[][] = [];
  for (const one of all) {
    const group = isCluster ? partitionOf(one.clientId) : 0;
    let clients = open.get(group);
    if (clients === undefined || clients.length === BATCH) {
      clients = [];
      open.set(group, clients);
      found.push(clients);
    }
    clients.push(one);
  }
  return found;
}

function inboxText({ inbox }: Cursors): string {
  return inbox === undefined ? '' : formatPosition(inbox);
}

function storeBatch(
  connection: RedisConnection,
  options: CompiledStateOptions,
  incarnation: string,
  clients: readonly ClientCursors[],
): Promise<RedisReply> {
  const { keys } = connection;
  const scriptKeys: string[] = [];
  const { streams, devices, clientStateMs } = options;
  const args: (string | number)[] = [incarnation, keys.hintChannelPrefix, streams.receipts, devices, clientStateMs];
  for (const { clientId, cursors } of clients) {
    const partition = partitionOf(clientId);
    scriptKeys.push(
      keys.fenced(partition),
      keys.stream(partition, 'receipts'),
      keys.streamCounts(partition),
      keys.cursors(clientId),
      keys.meta({ kind: 'inbox', id: clientId }),
      keys.receipts(clientId),
      keys.memberships(clientId),
    );
    args.push(partition, clientId, cursors.device ?? '', inboxText(cursors), encodeChannelCursors(cursors));
  }
  return connection.script('store-cursors', scriptKeys, args);
}

/** Cursors of clients in Redis, and the receipts that follow from them. */
export function createRedisCursors(
  connection: RedisConnection,
  options: CompiledStateOptions,
): Pick<PresenceStore, 'storeCursors' | 'cursor' | 'receiptState' | 'watchReceipt'> {
  const { keys } = connection;
  const receipt = async (clientId: string, position: Position, instance: string): Promise<ReceiptState> => {
    const inbox = { kind: 'inbox', id: clientId } as const;
    const reply = await connection.script(
      'receipt-state',
      [keys.cursors(clientId), keys.log(inbox), keys.meta(inbox), keys.presence(clientId), keys.receipts(clientId)],
      [position.generation, position.offset, instance, options.watchMs],
    );
    return textReply(reply) as ReceiptState;
  };
  return {
    async storeCursors(incarnation, all) {
      const replies = await Promise.all(
        batches(all, connection.target.kind === 'cluster').map((batch) =>
          storeBatch(connection, options, incarnation, batch),
        ),
      );
      return replies.includes('fenced') ? 'fenced' : 'stored';
    },
    async cursor(clientId) {
      return parsePosition(await connection.command('HGET', keys.cursors(clientId), 'c'));
    },
    receiptState: (clientId, position) => receipt(clientId, position, ''),
    watchReceipt: (clientId, position, instance) => receipt(clientId, position, instance),
  };
}
