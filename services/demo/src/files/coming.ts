import type { Flotilla } from '@flotilla-im/sdk';
import type { ComingData } from '../words.ts';

/** A page shows it three times as long. */
const EVERY_MS = 5_000;

/** What is coming, and from whom to whom. */
export interface Coming {
  readonly from: string;
  readonly to: string;
  readonly name: string;
  readonly size: number;
}

/**
 * Tells the receiver who is connected that a file is coming, and again while it is.
 *
 * @param onError - hears of what could not be told: it is no harm
 * @returns what ends it; with false the receiver is told that it will not come
 */
export function tellComing(
  flotilla: Pick<Flotilla, 'send'>,
  { from, to, name, size }: Coming,
  onError: (error: unknown) => void,
): (hasCome: boolean) => void {
  if (from === to) return () => undefined;
  const tell = (isComing: boolean): void => {
    const data: ComingData = { kind: 'coming', clientId: from, name, size, isComing };
    flotilla.send({ from: null, to, data, live: true }).catch(onError);
  };
  tell(true);
  const timer = setInterval(() => tell(true), EVERY_MS).unref();
  return (hasCome) => {
    clearInterval(timer);
    if (!hasCome) tell(false);
  };
}
