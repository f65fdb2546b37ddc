import { randomBytes } from 'node:crypto';
import type { Surroundings } from '../shard/shard-deps.ts';

/** The real clock and the real chance. */
export function realSurroundings(): Surroundings {
  return {
    wallMs: () => Date.now(),
    nowMs: () => performance.now(),
    chance: () => Math.random(),
    newId: () => randomBytes(16).toString('base64url'),
  };
}
