// Clients of the load: some hundred in one process, each an application with its library.
import { type Journal, openJournal } from '../../journal/writer.ts';
import { createAskAddress } from '../addresses/ask-address.ts';
import type { Mutant } from '../load.ts';
import { mutate, type Mutated } from '../mutants/mutate.ts';
import type { Person } from '../people.ts';
import { serveCommands } from '../programs/serve.ts';
import { Crowd } from './crowd.ts';
import { replay } from './replay.ts';
import { UsedTokens } from './used-tokens.ts';

/** What a process of clients is told at its start. */
export interface CrowdSettings {
  readonly journals: string;
  /** Its own name, such as `clients-0`. */
  readonly program: string;
  readonly people: readonly Person[];
  /** Of the address service. */
  readonly port: number;
  readonly mutant: Mutant | null;
}

const used = new UsedTokens();
const own: { journal?: Journal; mutated?: Mutated; crowd: Crowd | null; lastMs: number } = { crowd: null, lastMs: 0 };

const commands = {
  begin: ({ journals, program, people, port, mutant }: CrowdSettings): void => {
    const journal = openJournal(journals, program);
    const mutated = mutate(mutant, (record) => journal.write(record));
    const parts = {
      write: (record: Parameters<Mutated['write']>[0]) => {
        if (record[0] === 'arrived') own.lastMs = record[1];
        mutated.write(record);
      },
      address: createAskAddress(port),
      used,
    };
    Object.assign(own, { journal, mutated, crowd: new Crowd(people, parts) });
  },
  connect: (order: { readonly perSecond: number; readonly timeoutMs: number }) =>
    own.crowd?.connect(order.perSecond, order.timeoutMs),
  connected: (): number => own.crowd?.connected ?? 0,
  /** When a message arrived last; monotonic milliseconds. */
  lastArrivalMs: (): number => own.lastMs,
  stall: (ids: readonly string[]) => own.crowd?.stall(ids),
  readAgain: () => own.crowd?.readAgain(),
  cut: (ids: readonly string[]) => own.crowd?.cut(ids),
  leaveAndReturn: (order: { readonly ids: readonly string[]; readonly awayMs: number }) =>
    own.crowd?.leaveAndReturn(order.ids, order.awayMs),
  replay: (count: number): Promise<number> => replay(used.latest(count)),
  leave: () => own.crowd?.leave(),
  end: async (): Promise<void> => {
    own.mutated?.flush();
    await own.journal?.close();
  },
};

/** What a process of clients can be told. */
export type CrowdCommands = typeof commands;

serveCommands(commands);
