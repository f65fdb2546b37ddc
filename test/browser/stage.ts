import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { type DemoHarness, startTestDemo } from '../integration/demo/demo-harness.ts';
import { launch, type Launched } from '../support/launch.ts';
import { type Person, signIn } from './chat-people.ts';
import { launchBrowser } from './launch-browser.ts';
import { openDemo, type OpenOptions, type WatchedPage } from './demo-pages.ts';

/** What suites share that need the demo's pages and no more than two shards in this process. */
export interface DemoStage {
  readonly harness: DemoHarness;
  /** Opens the page in a context of its own, which is closed after the test. */
  open(options?: OpenOptions): Promise<WatchedPage>;
}

/** What suites share that need everything `npm start` starts, each part a process. */
export interface ClusterStage {
  readonly browser: Browser;
  readonly cluster: Launched;
  /** Signs people in, each in a context of their own, which is closed after the test. */
  enter<Names extends readonly string[]>(...names: Names): Promise<{ readonly [K in keyof Names]: Person }>;
}

/** For all suites of a test file. People stay known from test to test, so each test has names of its own. */
export function demoStage(): DemoStage {
  const set = stageSet(startTestDemo, (harness) => harness.close());
  return {
    get harness() {
      return set.scene();
    },
    open: (options) => openDemo(set.browser(), set.scene().demo().url, options),
  };
}

/**
 * For all suites of a test file. People, channels and notices stay known from test to test, so each test has names of its own.
 * @param firstPort - no other test file has it
 * @param args - of `npm start`
 */
export function clusterStage(firstPort: number, args: readonly string[] = []): ClusterStage {
  const set = stageSet(
    () => launch(firstPort, args),
    async (cluster) => expect(await cluster.stop()).toBe(0),
  );
  const enter = (...names: readonly string[]): Promise<Person[]> =>
    Promise.all(names.map((name) => signIn(set.browser(), set.scene().demo, name)));
  return {
    get browser() {
      return set.browser();
    },
    get cluster() {
      return set.scene();
    },
    enter: enter as ClusterStage['enter'],
  };
}

interface StageSet<Scene> {
  readonly browser: () => Browser;
  readonly scene: () => Scene;
}

/** Both start at once, before the first test of the file, and end after its last one. */
function stageSet<Scene>(start: () => Promise<Scene>, stop: (scene: Scene) => Promise<void>): StageSet<Scene> {
  const standing: { browser?: Browser; scene?: Scene } = {};
  beforeAll(async () => {
    const keepBrowser = async (): Promise<void> => void (standing.browser = await launchBrowser());
    const keepScene = async (): Promise<void> => void (standing.scene = await start());
    await Promise.all([keepBrowser(), keepScene()]);
  }, 180_000);
  afterEach(() => closeContexts(standing.browser), 60_000);
  afterAll(async () => {
    await standing.browser?.close();
    if (standing.scene !== undefined) await stop(standing.scene);
  }, 60_000);
  return { browser: () => stood(standing.browser), scene: () => stood(standing.scene) };
}

/** Closes what a test has opened, also one that failed. */
export async function closeContexts(browser: Browser | undefined): Promise<void> {
  await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
}

function stood<T>(thing: T | undefined): T {
  if (thing === undefined) throw new Error('it stands from the first test on');
  return thing;
}
