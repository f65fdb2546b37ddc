import type { Store } from '@flotilla-im/store';

/** Hears of each new epoch of the shard map. */
export interface Epochs {
  /** Calls with each one from now on. */
  on(heard: (epoch: number) => void): void;
  /** One that was seen by other means; what was heard of already is told to nobody. */
  seen(epoch: number): void;
  close(): Promise<void>;
}

/** Hears what is announced as a map is published. An announcement may be lost, so whoever reads maps says which he saw. */
export async function startEpochs(store: Pick<Store, 'notify'>): Promise<Epochs> {
  const listeners: ((epoch: number) => void)[] = [];
  let latest = -1;
  const seen = (epoch: number): void => {
    if (!(epoch > latest)) return;
    latest = epoch;
    for (const heard of listeners) heard(epoch);
  };
  const subscription = await store.notify.subscribeHint('map', (text) => seen(Number(text)));
  return { on: (heard) => void listeners.push(heard), seen, close: () => subscription.close() };
}
