import { MOST_SHARDS } from '../options.ts';

/** What can be asked of a running launcher. */
export type ControlRequest =
  | { readonly verb: 'scale'; readonly shards: number }
  | { readonly verb: 'restart' | 'kill'; readonly shard: number };

/** A line of its answer: what is going on, and in the end how it went. One JSON text a line. */
export type ControlLine = { readonly say: string } | { readonly done: { readonly ok: boolean; readonly text: string } };

/** The verbs, with what `--help` says of each. */
export const VERBS = Object.freeze({
  scale: {
    argument: 'shards',
    help: `Scales the running cluster to so many shards, 0 to ${MOST_SHARDS}, up or down, as kubectl scale would.`,
  },
  restart: {
    argument: 'shard',
    help: 'Restarts one shard in order: its slots are lent, its clients handed over; then it comes home.',
  },
  kill: {
    argument: 'shard',
    help: 'Kills one shard without a goodbye (kill -9). It is noticed, its slots are lent, and it is started again.',
  },
});

/** Reads a request out of a verb and its number. A text is why that is none. */
export function parseControlRequest(verb: string, value: unknown): ControlRequest | string {
  const number = typeof value === 'string' && /^\d{1,5}$/u.test(value) ? Number(value) : value;
  const isWhole = typeof number === 'number' && Number.isInteger(number) && number >= 0;
  if (verb === 'scale') {
    if (isWhole && number <= MOST_SHARDS) return { verb, shards: number };
    return `scale takes a number of shards from 0 to ${MOST_SHARDS}: npm run scale -- 5`;
  }
  if (verb === 'restart' || verb === 'kill') {
    if (isWhole) return { verb, shard: number };
    return `${verb} takes the number of a shard: npm run ${verb} -- 1`;
  }
  return `There is no ${verb}; there is ${Object.keys(VERBS).join(', ')}.`;
}
