import { randomBytes } from 'node:crypto';
import type { Surroundings } from '../shard/shard-deps.ts';
import { MachineIdle } from './machine-idle.ts';

/** The real clock, the real chance and the real machine. */
export function realSurroundings(): Surroundings {
  const machine = new MachineIdle();
  return {
    wallMs: () => Date.now(),
    nowMs: () => performance.now(),
    chance: () => Math.random(),
    newId: () => randomBytes(16).toString('base64url'),
    idle: () => machine.share(),
  };
}
