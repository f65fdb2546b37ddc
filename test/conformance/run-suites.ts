import { afterAll, beforeAll, describe } from '@jest/globals';
import { type Backend, BACKENDS } from './backends.ts';
import { suites } from './suites.ts';

/** Runs every suite over one backend, which is started once for all of them. */
export function runSuites(name: string): void {
  describe(`over ${name}`, () => {
    let backend: Backend;
    beforeAll(async () => {
      const start = BACKENDS.find((known) => known.name === name)?.start;
      if (start === undefined) throw new Error(`there is no backend ${name}`);
      backend = await start();
    });
    afterAll(() => backend.stop());
    for (const suite of suites) suite(() => backend);
  });
}
