import { Cluster, type Redis } from 'ioredis';
import { MASTER_DIGITS } from '../generation.ts';
import { PARTITION_COUNT, partitionTag } from '../partition.ts';
import type { RedisClient } from './client.ts';

/** CRC-16/XMODEM modulo 16,384, as the Redis Cluster specification places a hash tag of ASCII. */
function clusterSlotOf(tag: string): number {
  let crc = 0;
  for (const byte of Buffer.from(tag)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ ((crc & 0x8000) === 0 ? 0 : 0x1021)) & 0xffff;
  }
  return crc & 0x3fff;
}

const CLUSTER_SLOTS = Object.freeze(
  Array.from({ length: PARTITION_COUNT }, (_, partition) => clusterSlotOf(partitionTag(partition))),
);

async function readLife(node: Redis): Promise<string> {
  const info = String(await node.call('INFO', 'replication'));
  return /^master_replid:(\w+)/m.exec(info)?.[1]?.slice(0, MASTER_DIGITS) ?? '';
}

/** The address of the master that a partition lies on, as the client knows it; '' where there is but one. */
export function masterName(client: RedisClient, partition: number): string {
  return client instanceof Cluster ? (client.slots[CLUSTER_SLOTS[partition] ?? 0]?.[0] ?? '') : '';
}

/**
 * What the generations that each partition's master gives out begin with: one command a master. '' where the master is
 * not known or, in a cluster, cannot be reached.
 */
export async function readMasterLives(client: RedisClient): Promise<readonly string[]> {
  if (!(client instanceof Cluster)) {
    const life = await readLife(client);
    return CLUSTER_SLOTS.map(() => life);
  }
  const lives = new Map<string | undefined, string>();
  await Promise.all(
    client.nodes('master').map(async (node) => {
      const life = await readLife(node).catch(() => '');
      lives.set(`${node.options.host ?? ''}:${node.options.port ?? 0}`, life);
    }),
  );
  return CLUSTER_SLOTS.map((slot) => lives.get(client.slots[slot]?.[0]) ?? '');
}
