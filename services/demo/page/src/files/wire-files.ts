import type { AcceptedFile } from '../../../src/words.ts';
import { createKey } from '../create-key.ts';
import { byId } from '../view/dom.ts';
import type { Notice } from '../view/notice.ts';
import { fileWords, saveFile } from './file-link.ts';
import type { Uploads } from './uploads.ts';

/** What files need of the page. */
export interface FilesWiring {
  readonly notice: Notice;
  /** The person whose conversation is open; null: none is. */
  readonly receiver: () => string | null;
  /** A file was accepted. */
  readonly sent: (file: AcceptedFile) => void;
}

/** Files are chosen, dropped on a conversation or pasted into it; whatever sends them is loaded when there is one. */
export function wireFiles({ notice, receiver, sent }: FilesWiring): void {
  let uploads: Promise<Uploads> | null = null;
  const load = (): Promise<Uploads> =>
    (uploads ??= import('./uploads.ts').then(
      (part) => new part.Uploads({ sent, createKey, fileWords }),
      () => {
        uploads = null;
        throw new Error('The service cannot be reached.');
      },
    ));
  const send = (event: Event, data: { readonly files: FileList | null } | null): void => {
    const [to, files] = [receiver(), [...(data?.files ?? [])]];
    if (files.length === 0) return;
    event.preventDefault();
    if (to !== null) notice.attempt(load().then((loaded) => loaded.add(to, files)));
  };
  const chosen = byId('attach-files', HTMLInputElement);
  byId('attach', HTMLElement).addEventListener('click', () => chosen.click());
  chosen.addEventListener('change', (event) => {
    send(event, chosen);
    chosen.value = '';
  });
  byId('text', HTMLElement).addEventListener('paste', (event) => {
    // What was copied from an office program comes as a text and as its picture as well: then the text is meant.
    if (event.clipboardData?.types.includes('text/plain') !== true) send(event, event.clipboardData);
  });
  const place = byId('conversation', HTMLElement);
  place.addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    place.classList.toggle('drop', receiver() !== null);
  });
  for (const type of ['dragleave', 'drop'] as const) {
    place.addEventListener(type, (event) => {
      place.classList.remove('drop');
      if (type === 'drop') send(event, event.dataTransfer);
    });
  }
  byId('messages', HTMLElement).addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a.file');
    if (link === null) return;
    event.preventDefault();
    notice.attempt(saveFile(link));
  });
}
