import { extensionOf, type FileType } from './file-types.ts';

/** The longest name of a file, in characters, and in bytes as most file systems have it. */
const LONGEST = { characters: 120, bytes: 240 };

/** What does not show, or turns round what follows it: control characters, marks of direction, halves of characters. */
const INVISIBLE =
  /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;

/**
 * A name as it is shown: of a path its last part, without what cannot be seen, cut in its middle where it is too long. It
 * may hold any markup: it is never read as such. Gives `file` where nothing is left.
 */
export function cleanFileName(given: string): string {
  const last = given.split(/[/\\]/u).at(-1) ?? '';
  const clean = last.normalize('NFC').replace(INVISIBLE, '').replace(/\s+/gu, ' ').trim();
  return /^\.*$/u.test(clean) ? 'file' : cut(clean);
}

/** The beginning and the extension stay. */
function cut(name: string): string {
  const characters = Array.from(name);
  if (characters.length <= LONGEST.characters && Buffer.byteLength(name) <= LONGEST.bytes) return name;
  const end = Array.from(/\.[^.]{1,10}$/u.exec(name)?.[0] ?? '');
  let start = characters.slice(0, Math.min(characters.length - end.length, LONGEST.characters - 1 - end.length));
  while (Buffer.byteLength(`${start.join('')}…${end.join('')}`) > LONGEST.bytes) start = start.slice(0, -1);
  return `${start.join('')}…${end.join('')}`;
}

/** The name under which it is saved: with an extension of its type, so that nothing opens it as something else. */
export function savedName(name: string, { extensions }: Pick<FileType, 'extensions'>): string {
  return extensions.includes(extensionOf(name)) ? name : `${name}.${extensions[0] ?? 'bin'}`;
}

/**
 * `Content-Disposition` (RFC 6266) that has a browser save a file: the name in ASCII for whatever is old, and in UTF-8
 * (RFC 8187) for the rest.
 */
export function attachment(name: string): string {
  const plain = name.replace(/[^ !#$&'()+,\-.0-9;=@A-Z[\]^_`a-z{}~]/gu, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
