import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AcceptedFile, PastAnswer, PastMessage, ProblemAnswer } from '../../../services/demo/src/words.ts';
import { type DemoHarness, startTestDemo, type Visitor } from './demo-harness.ts';

/** The largest file here, in bytes. */
export const LIMIT = 1_000_000;
/** All files together, in bytes. */
const TOTAL = 3_000_000;

/** What is sent, and to whom. By default a text under a new key. */
export interface Upload {
  readonly to: string;
  readonly name?: string;
  readonly key?: string;
  readonly type?: string;
}

/** The demo over two shards and Redis, and people who send each other files. */
export interface FilesHarness extends DemoHarness {
  /** Where the files are. */
  readonly filesDir: string;
  readonly send: (
    from: Visitor,
    upload: Upload,
    body: string | Uint8Array<ArrayBuffer>,
  ) => Promise<{ readonly status: number; readonly body: AcceptedFile & ProblemAnswer }>;
  /** An upload that goes as far as the test writes it. */
  readonly begin: (
    from: Visitor,
    upload: Upload,
    headers: Record<string, string | number>,
    agent?: Agent | false,
  ) => ClientRequest;
  /** Asks for a file. */
  readonly load: (visitor: Visitor | null, fileId: string, init?: RequestInit) => Promise<Response>;
  /** Removes all files. */
  readonly clear: () => Promise<void>;
}

/** Starts it. */
export async function startFiles(): Promise<FilesHarness> {
  const filesDir = await mkdtemp(join(tmpdir(), 'flotilla-files-'));
  const harness = await startTestDemo({ filesDir, fileBytes: LIMIT, filesTotalBytes: TOTAL }, 'redis');
  const headersOf = (from: Visitor, { type = 'text/plain' }: Upload) => ({ cookie: from.cookie, 'content-type': type });
  const urlOf = (upload: Upload): string => `${harness.demo().url}/api/files?${queryOf(upload)}`;
  return {
    ...harness,
    filesDir,
    async send(from, upload, body) {
      const answer = await fetch(urlOf(upload), { method: 'POST', headers: headersOf(from, upload), body });
      return { status: answer.status, body: (await answer.json()) as AcceptedFile & ProblemAnswer };
    },
    begin(from, upload, headers, agent = false) {
      const asking = request(urlOf(upload), {
        method: 'POST',
        agent,
        headers: { ...headersOf(from, upload), ...headers },
      });
      asking.on('error', () => undefined);
      asking.flushHeaders();
      return asking;
    },
    load(visitor, fileId, { headers = {}, ...init } = {}) {
      const cookie = visitor === null ? {} : { cookie: visitor.cookie };
      return fetch(`${harness.demo().url}/api/files/${fileId}`, {
        ...init,
        headers: { ...cookie, ...(headers as Record<string, string>) },
      });
    },
    async clear() {
      for (const name of await readdir(filesDir)) await rm(join(filesDir, name), { recursive: true, force: true });
    },
    async close() {
      await harness.close();
      await rm(filesDir, { recursive: true });
    },
  };
}

/** As a page makes it. */
export const newKey = (): string => randomBytes(16).toString('hex');

/** What an upload says of itself. */
export const queryOf = ({ to, name = 'notes.txt', key = newKey() }: Upload): string =>
  new URLSearchParams({ to, name, key }).toString();

/** What an upload that the test wrote itself is answered with. */
export async function answerOf(
  asking: ClientRequest,
): Promise<{ status: number | undefined; code: string | undefined }> {
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode, code: (JSON.parse(Buffer.concat(chunks).toString()) as ProblemAnswer).code };
}

/** The messages that speak of files, in somebody's inbox. */
export async function filesOf(visitor: Visitor): Promise<PastMessage[]> {
  const { messages } = await visitor.get<PastAnswer>('/api/inbox');
  return messages.filter(({ data }) => data.kind === 'file');
}
