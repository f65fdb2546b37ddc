import type { Browser, Page } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';
import { connected } from '../call-pages.ts';
import { goTo, write } from '../demo-pages.ts';
import type { LaunchLine } from '../../support/launch.ts';
import { CAST, DESK, join, open, openWithCamera, PHONE, show } from './cast.ts';
import { openAmidMove } from './moving.ts';

/** Where the scenes are played. */
export interface Stage {
  readonly browser: Browser;
  /** Of a cluster that has two shards. */
  readonly line: LaunchLine;
}

/** A picture that is ready to be written. */
export interface Picture {
  /** Of its file, without the ending. */
  readonly name: string;
  readonly png: Buffer;
}

/** @param scale - `css`: no finer than the page itself, for what is seldom of one colour */
const shoot = async (name: string, page: Page, scale: 'css' | 'device' = 'device'): Promise<Picture> => {
  // Where nothing is pointed at.
  await page.mouse.move((page.viewportSize()?.width ?? 0) - 2, 300);
  return { name, png: await page.screenshot({ animations: 'disabled', caret: 'hide', scale }) };
};

/** Says one thing after the other, each by its own page, and waits until the last one sees all of it. */
async function talk(...lines: readonly (readonly [Page, string])[]): Promise<void> {
  for (const [page, text] of lines) {
    await write(page, text);
    await page.locator('.message.mine', { hasText: text }).and(page.locator(':not([data-state=sending])')).waitFor();
    for (const [other] of lines) await other.locator('.message', { hasText: text }).waitFor();
  }
}

async function createChannel(page: Page, demo: string, channel: string): Promise<void> {
  const answer = await page.context().request.post(`${demo}/api/channels/create`, { data: { channel } });
  if (!answer.ok()) throw new Error(`${channel} could not be created: ${String(answer.status())}`);
}

/** Plays the scenes, one after the other: each begins with what the ones before have left. */
export async function* play(stage: Stage): AsyncGenerator<Picture> {
  const {
    browser,
    line: { demo },
  } = stage;
  const mara = await openWithCamera(browser, demo, 'mara', '#Lobby');
  const jonas = await openWithCamera(browser, demo, 'jonas', '#Lobby');
  const priya = await open(browser, demo, CAST.priya, '#Lobby');
  for (const channel of ['Dispatch', 'Night shift']) await createChannel(mara, demo, channel);
  for (const page of [jonas, priya]) await join(page, demo, 'Dispatch');
  yield* atTheDesk(stage, mara, jonas, priya);
  yield* returning(stage, mara);
  yield* calling(mara, jonas);
  yield* moving(stage, mara);
}

/** A private conversation in the light, a channel in the dark. */
async function* atTheDesk(
  { browser, line: { demo } }: Stage,
  mara: Page,
  jonas: Page,
  priya: Page,
): AsyncGenerator<Picture> {
  for (const page of [mara, jonas, priya]) await show(page, 'channel', 'Dispatch');
  await talk(
    [jonas, 'Morning! The ferry from Gothenburg is forty minutes late.'],
    [priya, 'Then gate 4 is free until half past. I take the refrigerated ones first.'],
    [mara, 'Do that. I tell the drivers.'],
    [jonas, 'And who is at the gate tonight? The late ferry comes at ten.'],
    [priya, 'I am. I stay until it is unloaded.'],
    [mara, 'Thank you, Priya.'],
  );
  const tomas = await open(browser, demo, CAST.tomas, '#Lobby');
  const entry = mara.locator(`[data-person="${CAST.tomas}"][data-online=true]`);
  await entry.waitFor();
  await tomas.context().close();
  await entry.waitFor({ state: 'detached', timeout: 60_000 });
  await goTo(mara, `@${CAST.tomas}`);
  await write(mara, 'Tomás, your load is at gate 4 now.');
  await write(mara, 'No hurry: it is open until the evening.');
  await eventually(async () => {
    if ((await mara.locator('.message[data-state=offline]').count()) < 2) throw new Error('they are not there yet');
  });

  await show(mara, 'person', CAST.priya);
  await show(priya, 'person', CAST.mara);
  await talk(
    [priya, 'Have you got the loading plan for gate 4?'],
    [mara, 'Here it comes. The two on the left go first.'],
  );
  const choosing = mara.waitForEvent('filechooser');
  await mara.locator('#attach').click();
  const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(412_000)]);
  await (await choosing).setFiles({ name: 'loading-plan-gate-4.pdf', mimeType: 'application/pdf', buffer: pdf });
  await priya.getByTestId('file').waitFor();
  await talk(
    [priya, 'Thank you, that helps. Is Tomás on his way?'],
    [mara, 'On the road. He reads it when he is back.'],
  );
  await eventually(async () => {
    if ((await mara.locator('.message.mine[data-state=read]').count()) < 3) throw new Error('they are not read yet');
  });
  await show(jonas, 'person', CAST.mara);
  await write(jonas, 'Do you have a minute?');
  await mara.locator(`[data-person="${CAST.jonas}"][data-unread="1"]`).waitFor();
  await priya.locator('#text').pressSequentially('Perfect');
  await mara.getByTestId('typing').getByText('is typing').waitFor();
  await mara.locator('#text').focus();
  yield await shoot('chat', mara);

  const dark = await open(browser, demo, CAST.jonas, '#Dispatch', { ...DESK, colorScheme: 'dark' });
  await dark.locator('.message').nth(5).waitFor();
  yield await shoot('dark', dark);
  await dark.context().close();
}

/** Somebody comes back, with a phone, and finds what waited. */
async function* returning({ browser, line: { demo } }: Stage, mara: Page): AsyncGenerator<Picture> {
  const phone = await open(browser, demo, CAST.tomas, `@${CAST.mara}`, PHONE);
  await phone.locator('.message .waited:visible').nth(1).waitFor();
  await show(mara, 'person', CAST.tomas);
  await talk(
    [phone, 'Just back. On my way to gate 4, ten minutes.'],
    [mara, 'Good. Priya waits there with the papers.'],
    [phone, 'I see her. Thanks!'],
  );
  await phone.locator('.message.mine:not([data-state=read])').first().waitFor({ state: 'detached' });
  await phone.locator('#messages').evaluate((element) => element.scrollTo(0, 0));
  yield await shoot('phone', phone);
  await phone.context().close();
}

/** Two browsers that see each other. */
async function* calling(mara: Page, jonas: Page): AsyncGenerator<Picture> {
  await show(mara, 'person', CAST.jonas);
  await show(jonas, 'person', CAST.mara);
  await talk(
    [mara, 'Now I have. What is it?'],
    [jonas, 'The customs papers for gate 4. Easier to show than to write.'],
    [mara, 'Then I call you.'],
  );
  await mara.locator('#dial-video').click();
  await jonas.getByTestId('call-accept').click();
  await connected(mara, jonas);
  // The first frames are coarse.
  await eventually(async () => {
    const seconds = await mara.getByTestId('call-remote').evaluate((video) => (video as HTMLVideoElement).currentTime);
    if (seconds < 6) throw new Error('it has not played long enough');
  }, 60_000);
  yield await shoot('call', mara, 'css');
  await mara.getByTestId('call-hang-up').click();
  await mara.getByTestId('call-close').click();
}

/** The slots while they change hands, and the channel that goes on below. */
async function* moving({ browser, line }: Stage, mara: Page): AsyncGenerator<Picture> {
  await show(mara, 'channel', 'Dispatch');
  yield await shoot('fleet', await openAmidMove(browser, line, 'Dispatch', mara));
}
