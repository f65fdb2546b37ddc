import type * as jest from '@jest/globals';

/** What `@jest/globals` exports, for a test file that Node loads itself. */
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } =
  globalThis as unknown as typeof jest;
