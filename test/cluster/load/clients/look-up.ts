import { type LookupAddress, lookup, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** A Service's address changes only when the Service is made anew. */
const KEPT_MS = 1_000;

type Answer = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

interface Known {
  readonly askedMs: number;
  readonly waiting: Answer[];
  addresses: LookupAddress[] | null;
}

/**
 * A name look-up that asks once a second for each name: thousands of clients behind one resolver, as people behind their
 * provider's, instead of one process that asks thousands of times.
 */
export function createLookUp(): LookupFunction {
  const known = new Map<string, Known>();
  const ask = (hostname: string, answer: Answer): void => {
    const found = known.get(hostname);
    if (found && performance.now() - found.askedMs < KEPT_MS) {
      if (found.addresses) answer(null, found.addresses);
      else found.waiting.push(answer);
      return;
    }
    const asked: Known = { askedMs: performance.now(), waiting: [answer], addresses: null };
    known.set(hostname, asked);
    lookup(hostname, { all: true, family: 4 }, (error, addresses) => {
      if (error) known.delete(hostname);
      else asked.addresses = addresses;
      for (const waiting of asked.waiting.splice(0)) waiting(error, addresses);
    });
  };
  return (hostname, options, callback) => {
    ask(hostname, (error, addresses) => {
      const wanted = options as LookupOptions | undefined;
      if (wanted?.all === true) callback(error, addresses);
      else callback(error, addresses[0]?.address ?? '', addresses[0]?.family);
    });
  };
}
