import { type Browser, chromium } from 'playwright-core';

/**
 * A Chromium without a window, whose camera and microphone are made up and whose addresses on this machine are told as they
 * are. Pages in the background run like the one in front. What it draws and films is cheap: two cores carry it, the shards
 * and the test.
 */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'];
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-timer-throttling',
      '--disable-renderer-backgrounding',
      '--use-fake-device-for-media-stream=fps=5',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      '--disable-features=WebRtcHideLocalIpsWithMdns',
    ],
  });
}
