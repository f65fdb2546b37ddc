import { describe, expect, it } from '@jest/globals';
import { declaredType, findType, misfitOf, refusalOf } from './file-types.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const misfit = (declared: string, head: string): string | null => {
  const type = findType(declared);
  if (type === null) throw new Error(`${declared} is not accepted`);
  return misfitOf(type, bytes(head));
};

describe('the type of a file', () => {
  it.each([
    ['image/png', '\x89PNG\r\n\x1a\n\0\0'],
    ['image/jpeg', '\xff\xd8\xff\xe0'],
    ['image/gif', 'GIF89a'],
    ['image/webp', 'RIFF\x10\0\0\0WEBPVP8 '],
    ['image/avif', '\0\0\0\x20ftypavif'],
    ['application/pdf', '%PDF-1.7'],
    ['text/plain; charset=utf-8', 'Gr\xfc\xdfe, \xf0\x9f\x98\x80\n\tetc.'],
    ['text/csv', 'a;b\r\n1;2'],
    ['application/zip', 'PK\x03\x04'],
    ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'PK\x03\x04'],
    ['application/vnd.oasis.opendocument.text', 'PK\x03\x04'],
    ['application/msword', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
    ['audio/mpeg', 'ID3\x04'],
    ['audio/mpeg', '\xff\xfb\x90'],
    ['audio/wav', 'RIFF\x10\0\0\0WAVEfmt '],
    ['audio/x-m4a', '\0\0\0\x20ftypM4A '],
    ['video/mp4', '\0\0\0\x20ftypisom'],
    ['video/quicktime', '\0\0\0\x14moov'],
    ['video/webm', '\x1aE\xdf\xa3'],
  ])('%s is believed when its first bytes are right', (declared, head) => {
    expect(misfit(declared, head)).toBeNull();
  });

  it.each([
    ['image/png', '<svg onload=alert(1)>'],
    ['image/png', '\x89PN'],
    ['application/pdf', 'MZ\x90\0'],
    ['application/zip', '%PDF-1.7'],
    ['image/webp', 'RIFF\x10\0\0\0WAVE'],
    ['text/plain', 'MZ\x90\0\x03'],
    ['text/plain', 'half\0a text'],
    ['audio/mpeg', ''],
  ])('%s is not believed when they are %j', (declared, head) => {
    expect(misfit(declared, head)).toContain('not what it is said to be');
  });

  it.each(['<!DOCTYPE html>', '\n  <html>', '\xef\xbb\xbf<svg xmlns="">', '<?xml version="1.0"?>', '<SCRIPT>'])(
    'is not text/plain where it begins as a web page does: %j',
    (head) => {
      expect(misfit('text/plain', head)).toContain('Web pages');
    },
  );

  it.each(['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/xml', 'text/javascript'])(
    'is not accepted as %s, and the sentence says why',
    (declared) => {
      expect(findType(declared)).toBeNull();
      expect(refusalOf(declared)).toContain('Web pages');
    },
  );

  it.each(['', 'application/octet-stream', 'application/x-msdownload', '__proto__', 'constructor'])(
    'is not accepted as %j, and the sentence says what is',
    (declared) => {
      expect(findType(declared)).toBeNull();
      expect(refusalOf(declared)).toContain('Accepted are');
    },
  );

  it('is what the browser says, or what the name says where the browser does not know', () => {
    expect(declaredType('notes.md', '')).toBe('text/plain');
    expect(declaredType('Notes.MD', 'application/octet-stream')).toBe('text/plain');
    expect(declaredType('photo.txt', 'image/png')).toBe('image/png');
    expect(declaredType('page.html', 'text/html')).toBe('text/html');
    expect(declaredType('program', '')).toBe('');
  });
});
