import { CLOCKS } from './clocks.ts';
import { DISK } from './disk.ts';
import type { FaultKind } from './fault.ts';
import { FREEZES } from './freezes.ts';
import { KILLS } from './kills.ts';
import { LEAVING } from './leaving.ts';
import { NETWORK } from './network.ts';
import { NOTIFIES } from './notifies.ts';
import { READERS } from './readers.ts';
import { REDIS_GONE } from './redis-gone.ts';
import { REDIS_LOSES } from './redis-loses.ts';
import { SCALING } from './scaling.ts';
import { STORMS } from './storms.ts';

/** Every fault there is, in the order of the README's table. */
export const FAULTS: readonly FaultKind[] = Object.freeze([
  ...SCALING,
  ...KILLS,
  ...FREEZES,
  ...REDIS_GONE,
  ...REDIS_LOSES,
  ...DISK,
  ...NOTIFIES,
  ...NETWORK,
  ...READERS,
  ...CLOCKS,
  ...STORMS,
  ...LEAVING,
]);

/** @throws RangeError when there is no fault of that name */
export function faultNamed(name: string): FaultKind {
  const found = FAULTS.find((fault) => fault.name === name);
  if (found === undefined) throw new RangeError(`there is no fault "${name}"; --list shows them`);
  return found;
}
