import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { PARTITION_COUNT, partitionOf, partitionTag } from './partition.ts';

/** CRC16 (XMODEM), bit by bit: what Redis Cluster hashes a tag with. */
function crc16(text: string): number {
  let crc = 0;
  for (const byte of Buffer.from(text)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc;
}

const tags = Array.from({ length: PARTITION_COUNT }, (_, partition) => partitionTag(partition));

describe('the partitions’ tags', () => {
  it('lie one in each of 256 equal stripes of the cluster’s slots, in order', () => {
    expect(crc16('123456789')).toBe(0x31c3);
    expect(tags.map((tag) => Math.floor((crc16(tag) % 16_384) / 64))).toEqual(tags.map((_, partition) => partition));
  });

  it('are frozen', () => {
    expect(new Set(tags).size).toBe(256);
    expect(createHash('sha256').update(tags.join(' ')).digest('hex').slice(0, 16)).toBe('2dfb0b2600bb2914');
  });

  it('are not there for other numbers', () => {
    expect(() => partitionTag(256)).toThrow(RangeError);
    expect(() => partitionTag(-1)).toThrow(RangeError);
  });
});

describe('the partition of a name', () => {
  it('is its slot modulo 256', () => {
    expect(['alice', 'bob', '$broadcast', '🚀'].map(partitionOf)).toEqual([221, 242, 194, 101]);
  });

  it('spreads names evenly', () => {
    const counts = new Uint32Array(PARTITION_COUNT);
    for (let i = 0; i < 25_600; i++) counts[partitionOf(`client-${i}`)]! += 1;
    expect(Math.max(...counts)).toBeLessThan(160);
    expect(Math.min(...counts)).toBeGreaterThan(50);
  });
});
