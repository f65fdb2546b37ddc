import type { BrowserContext, Locator, Page } from 'playwright-core';

/** Keeps every connection that a page of this context makes to another browser, so that what flows can be counted. */
export async function keepPeers(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const peers: RTCPeerConnection[] = [];
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        peers.push(this);
      }
    };
    Object.assign(window, { peers });
  });
}

/** What has come from the other browser until now. */
export interface Came {
  readonly frames: number;
  readonly audioBytes: number;
  /** Of the picture on the page, in seconds. */
  readonly played: number;
}

/** Counts it. */
export function cameTo(page: Page): Promise<Came> {
  return page.evaluate(async () => {
    const { peers } = window as unknown as { peers: RTCPeerConnection[] };
    let [frames, audioBytes] = [0, 0];
    for (const stat of (await peers.at(-1)?.getStats())?.values() ?? []) {
      const { type, kind, framesDecoded = 0, bytesReceived = 0 } = stat as Record<string, string | number | undefined>;
      if (type !== 'inbound-rtp') continue;
      if (kind === 'video') frames += Number(framesDecoded);
      else audioBytes += Number(bytesReceived);
    }
    const video = document.querySelector<HTMLVideoElement>('[data-testid=call-remote]');
    return { frames, audioBytes, played: video?.currentTime ?? 0 };
  });
}

/** The dialog of a call in a certain state. */
export function callOf(page: Page, state: string): Locator {
  return page.locator(`[data-testid=call][data-state=${state}]`);
}

/** Waits until the media are there. */
export async function connected(...pages: readonly Page[]): Promise<void> {
  for (const page of pages) await page.locator('[data-testid=call][data-media=connected]').waitFor({ timeout: 45_000 });
}

/** What the page says of the call. */
export function sentence(page: Page, text: string): Locator {
  return page.getByTestId('call-sentence').getByText(text, { exact: true });
}
