import { describe, expect, it } from '@jest/globals';
import { attachment, cleanFileName, savedName } from './file-names.ts';

describe('the name of a file', () => {
  it.each([
    ['photo.jpg', 'photo.jpg'],
    ['<img src=x onerror="alert(1)">.html', '<img src=x onerror="alert(1)">.html'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\win.ini', 'win.ini'],
    ['two\r\nlines.txt', 'twolines.txt'],
    ['gpj.\u202egnp.exe', 'gpj.gnp.exe'],
    ['half \ud83d.txt', 'half .txt'],
    ['e\u0301.txt', 'é.txt'],
    ['👩‍👧 family.png', '👩‍👧 family.png'],
    ['  ', 'file'],
    ['..', 'file'],
    ['\0', 'file'],
  ])('%j is shown as %j', (given, shown) => {
    expect(cleanFileName(given)).toBe(shown);
  });

  it('that is too long keeps its beginning and its extension', () => {
    expect(cleanFileName(`${'a'.repeat(300)}.jpeg`)).toBe(`${'a'.repeat(114)}….jpeg`);
    const wide = cleanFileName(`${'😀'.repeat(200)}.jpeg`);
    expect(Buffer.byteLength(wide)).toBeLessThanOrEqual(240);
    expect(wide).toMatch(/^(😀)+….jpeg$/u);
  });

  it('gets an extension of its type when it is saved, so that nothing opens it as something else', () => {
    const text = { extensions: ['txt', 'md'] };
    expect(savedName('notes.md', text)).toBe('notes.md');
    expect(savedName('NOTES.MD', text)).toBe('NOTES.MD');
    expect(savedName('page.html', text)).toBe('page.html.txt');
    expect(savedName('none', text)).toBe('none.txt');
  });

  it('is told in ASCII and in UTF-8, and ends nothing that it stands in', () => {
    expect(attachment('photo.jpg')).toBe(`attachment; filename="photo.jpg"; filename*=UTF-8''photo.jpg`);
    expect(attachment('a";\r\nb\\%é(1)*\'.txt')).toBe(
      `attachment; filename="a_;__b___(1)_'.txt"; filename*=UTF-8''a%22%3B%0D%0Ab%5C%25%C3%A9%281%29%2A%27.txt`,
    );
    expect(attachment('\ud83d.txt')).toContain("UTF-8''%EF%BF%BD.txt");
  });
});
