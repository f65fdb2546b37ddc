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
      `--disable-features=${disabledFeatures.join(',')}`,
    ],
  });
}

/** Chromium heeds the last list alone, so what Playwright switches off is named here again as far as it matters. */
const disabledFeatures = [
  'WebRtcHideLocalIpsWithMdns',
  // These ask the network, or look around in it, while nobody has opened a page.
  'AimEnabled',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PreconnectToSearch',
  // It would keep a process ready for a next page, and most pages here are the only one of their context.
  'SpareRendererForSitePerProcess',
  // Addresses stay what they are.
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  // What is loaded is shown at once.
  'PaintHolding',
];
