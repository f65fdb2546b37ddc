import { slotOf } from '@flotilla-im/protocol';

/** How many partitions the shared state has. Frozen: keys of a running cluster depend on it. */
export const PARTITION_COUNT = 256;

/**
 * The hash tag of each partition, in order. CRC16 of tag p lies in the p-th of 256 equal stripes of Redis Cluster's
 * 16,384 slots, near its middle, so that the partitions spread evenly however the slots are dealt out. Frozen like the
 * count; a test computes it again.
 */
const TAGS: readonly string[] = [
  'cv bl cr bh 9t z5 cz z1 rd 7v 6h sz 07 sv j9 sr ae 5t aa oz am ov y8 or nu oo nq ok 4w w6 ny w2',
  'zy ea 1t ee zq 90 zu 94 kk jq ko ju s2 jy s6 0w fh gr fl gv xb gz fd 2u wz 2h 3v vd wr n9 wv 47',
  'rt sn rp sj 6t k7 rx k3 cf 8v cb bx cn bt e9 bp ne 5u na qy 24 ow v8 os au 37 aq f8 4v f4 ay f0',
  'uy ja 1u je ks r8 kw 64 zi eq zm eu b0 ey b4 0v wj vp wn vt o3 vx o7 2t fx gb 3w gf fp a9 ft gn',
  'bn ct bj cp z7 9v z3 cx 7t rf sx rb st 05 sp t9 5v ag ox ac ot ao op g8 om nw oi ns w4 4u w0 py',
  'ec dy eg 1v c8 zs 96 zw js ki jw km ty s0 0u s4 gp fj gt fn gx fb 2w ff vb wx vf 3t p9 wp 45 wt',
  'sl rv sh rr k5 6v k1 rz 8t cd bz 9j bv cl br ch 5w ng oy nc ou 26 oq 22 35 aw x8 as f6 4t f2 nz',
  'jc ky jg 1w 62 kq 66 ku es zk ew zo jz b2 0t b6 vr wh vv wl vz o1 2v o5 yb fz gd 3u gh fr gl fv',
]
  .join(' ')
  .split(' ');

/** The partition that holds all keys of a client or a channel: its slot modulo 256. */
export function partitionOf(name: string): number {
  return slotOf(name) & (PARTITION_COUNT - 1);
}

/**
 * The hash tag of a partition, without braces.
 *
 * @throws {RangeError} when there is no such partition; a fault of the caller's code.
 */
export function partitionTag(partition: number): string {
  const tag = TAGS[partition];
  if (tag === undefined) throw new RangeError(`there is no partition ${partition}`);
  return tag;
}
