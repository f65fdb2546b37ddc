import type { AcceptedFile, FileData, FileLimits } from '../../../src/words.ts';
import { byId, make } from '../view/dom.ts';
import { checkFile } from './check-file.ts';
import { postFile } from './post-file.ts';
import { sendFile } from './send-file.ts';
import { UploadItem } from './upload-item.ts';
import { UploadProblem } from './upload-problem.ts';

/** What sending files needs of the page. */
export interface UploadsDeps {
  readonly sent: (file: AcceptedFile) => void;
  readonly createKey: () => string;
  readonly fileWords: (file: Pick<FileData, 'name' | 'size'>) => string;
}

interface Upload {
  readonly file: File;
  readonly to: string;
  readonly key: string;
  readonly words: string;
  readonly item: UploadItem;
  readonly ending: AbortController;
}

/** The files that this page is sending, one after the other, in a list above the place where one writes. */
export class Uploads {
  readonly #deps: UploadsDeps;
  readonly #list = make('ul', { attributes: { 'aria-label': 'Files being sent' } });
  /** What happens, in sentences, for who does not see the bars. */
  readonly #news = make('p', { className: 'visually-hidden', attributes: { role: 'status' } });
  #last: Promise<void> = Promise.resolve();
  #limitBytes: number | null = null;
  #count = 0;

  constructor(deps: UploadsDeps) {
    this.#deps = deps;
    const area = make('div', { className: 'uploads', data: { testid: 'uploads' }, children: [this.#list, this.#news] });
    byId('message-form', HTMLElement).before(area);
    window.addEventListener('beforeunload', (event) => this.#count > 0 && event.preventDefault());
  }

  /** Sends them to somebody. */
  add(to: string, files: readonly File[]): void {
    for (const file of files) {
      const [words, key, ending] = [this.#deps.fileWords(file), this.#deps.createKey(), new AbortController()];
      const actions = { cancel: () => this.#cancel(upload), again: () => this.#begin(upload) };
      const upload: Upload = { file, to, key, words, item: new UploadItem(words, to, actions), ending };
      this.#list.append(upload.item.element);
      this.#begin(upload);
    }
  }

  #begin(upload: Upload): void {
    upload.item.show('waiting', 0, 'Waits');
    this.#last = this.#last.then(() => this.#run(upload));
  }

  async #run(upload: Upload): Promise<void> {
    const { words, to } = upload;
    if (isCancelled(upload)) return;
    this.#count += 1;
    this.#say(`Sending ${words}, to ${to} …`);
    try {
      this.#deps.sent(await this.#send(upload));
      this.#remove(upload);
      this.#say(`${words} was sent to ${to}.`);
    } catch (error) {
      if (!isCancelled(upload)) this.#fail(upload, error);
    } finally {
      this.#count -= 1;
    }
  }

  async #send({ file, to, key, item, ending: { signal } }: Upload): Promise<AcceptedFile> {
    const progress = (part: number): void => item.show('sending', Math.floor(part * 100), '');
    const deps = {
      post: async () => {
        this.#limitBytes ??= await askLimit();
        const type = await checkFile(file, this.#limitBytes);
        progress(0);
        return postFile({ file, name: file.name, type, to, key }, progress, signal);
      },
      again: () => item.show('waiting', 0, 'That did not work. It is tried again …'),
      wait: (ms: number) => waitOrEnd(ms, signal),
      nowMs: () => performance.now(),
    };
    return sendFile(deps, signal);
  }

  #fail({ item, words }: Upload, error: unknown): void {
    const sentence = error instanceof Error ? error.message : String(error);
    item.show('failed', 0, sentence, error instanceof UploadProblem && error.retryAfterMs !== null);
    this.#say(`${words} was not sent. ${sentence}`);
  }

  #cancel(upload: Upload): void {
    const isFailed = upload.item.element.dataset['state'] === 'failed';
    upload.ending.abort();
    this.#remove(upload);
    if (!isFailed) this.#say(`${upload.words} is not sent.`);
  }

  /** Who was at its button goes on where one writes. */
  #remove({ item: { element } }: Upload): void {
    const hadFocus = element.contains(document.activeElement);
    element.remove();
    if (hadFocus) byId('text', HTMLElement).focus();
  }

  #say(sentence: string): void {
    this.#news.textContent = sentence;
  }
}

function isCancelled({ ending }: Upload): boolean {
  return ending.signal.aborted;
}

/** Who is cancelled keeps nobody waiting. */
function waitOrEnd(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
    signal.addEventListener('abort', () => resolve());
  });
}

async function askLimit(): Promise<number> {
  const response = await fetch('/api/files').catch(() => null);
  if (response?.ok !== true) throw new UploadProblem('The service cannot be reached.', 0);
  return ((await response.json()) as FileLimits).limitBytes;
}
