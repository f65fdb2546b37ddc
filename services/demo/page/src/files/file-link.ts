import type { FileData } from '../../../src/words.ts';
import { sizeWords } from '../../../src/files/size-words.ts';
import { make } from '../view/dom.ts';

/** A file's name and size, as one speaks of it. */
export function fileWords({ name, size }: Pick<FileData, 'name' | 'size'>): string {
  return `${name}, ${sizeWords(size)}`;
}

/** What saves a file that was sent. */
export function fileLink({ fileId, name, size }: FileData): HTMLElement {
  return make('a', {
    className: 'file',
    data: { testid: 'file' },
    attributes: { href: `/api/files/${fileId}`, download: '', title: 'Save this file' },
    children: [
      make('span', { className: 'text', text: name, attributes: { dir: 'auto' } }),
      make('span', { className: 'hint', text: sizeWords(size) }),
    ],
  });
}

/** Saves a file, unless it is gone. Rejects with a sentence for the person. */
export async function saveFile({ href }: HTMLAnchorElement): Promise<void> {
  const { ok, status } = await fetch(href, { method: 'HEAD' }).catch(() => Response.error());
  if (!ok)
    throw new Error(status === 404 ? 'This file is gone: files are kept for 2 days.' : 'Not reached. Try again.');
  // Not by going there: a page that is still sending something would be asked whether it may be left.
  make('a', { attributes: { href, download: '' } }).click();
}
