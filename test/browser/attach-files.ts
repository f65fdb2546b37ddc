import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';

/** A file as somebody has it on their disk. */
export interface TestFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A PNG by its first bytes; the others are chance. */
export const picture = (name: string, bytes: number): TestFile => ({
  ...{ name, mimeType: 'image/png' },
  buffer: Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(bytes - 8)]),
});

/** Chooses files by the page's own button, as a person does. */
export async function attach(page: Page, ...files: readonly TestFile[]): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Attach a file' }).click();
  await (await choosing).setFiles([...files]);
}
