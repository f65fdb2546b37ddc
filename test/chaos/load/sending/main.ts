// A business service of the load: sends to the logs that are its own. One life; a killed one is followed by another process.
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { createFlotilla } from '@flotilla-im/sdk';
import { recordsOf } from '../../journal/reader.ts';
import { type Journal, openJournal } from '../../journal/writer.ts';
import type { BusinessSettings } from '../load.ts';
import { serveCommands } from '../programs/serve.ts';
import { openMessages } from './outbox.ts';
import { type Flow, Sender } from './sender.ts';

/** What a life of a sender is told at its start. */
export interface SenderSettings extends BusinessSettings {
  /** Its own name, such as `sender-0.2`, and those of the lives before it. */
  readonly life: string;
  readonly earlier: readonly string[];
  readonly flows: readonly Flow[];
}

/** How long calls under way may take at the end. */
const ENDING_MS = 6_000;
/** How long a send is waited for to be killed in. */
const DYING_MS = 500;

const own: { sender?: Sender; journal?: Journal; flows: readonly Flow[] } = { flows: [] };

const commands = {
  /** Resolves once Redis can be reached. */
  begin: async ({ journals, life, earlier, flows, redisUrl, cluster }: SenderSettings): Promise<void> => {
    const journal = openJournal(journals, life);
    const open = openMessages(earlier.flatMap((name) => [...recordsOf(join(journals, `${name}.jsonl`))]));
    const flotilla = await createFlotilla({ redis: redisUrl, cluster, waitForStore: true });
    const sender = new Sender(flotilla, journal, life);
    sender.takeOver(open);
    Object.assign(own, { sender, journal, flows });
  },
  resume: () => own.sender?.resume(own.flows),
  pause: () => own.sender?.pause(),
  /** A life that has not begun yet may find something to do: it counts as one. */
  unanswered: (): number => own.sender?.unanswered ?? 1,
  /** kill -9 in the middle of a send, if one begins soon. */
  die: async (): Promise<void> => {
    const untilMs = performance.now() + DYING_MS;
    while (own.sender?.unanswered === 0 && performance.now() < untilMs) await nextTurn();
    process.kill(process.pid, 'SIGKILL');
  },
  /** Resolves when no call is under way any more; what failed by then is given up. */
  end: async (): Promise<void> => {
    const { sender, journal } = own;
    sender?.end();
    for (let waitedMs = 0; (sender?.unanswered ?? 0) > 0 && waitedMs < ENDING_MS; waitedMs += 50) await wait(50);
    await journal?.close();
  },
};

/** What a sender can be told. */
export type SenderCommands = typeof commands;

serveCommands(commands);
