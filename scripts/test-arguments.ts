/** The parts of the test run, in their order. */
const testParts = ['static', 'unit', 'simulation', 'packages', 'chart', 'integration', 'browser'] as const;

/** A part of the test run that can be asked for alone. */
export type TestPart = (typeof testParts)[number];

/** What to run. */
export interface TestArguments {
  /** Never empty. */
  readonly parts: readonly TestPart[];
  /** Regular expressions for the paths of test files; all files when empty. */
  readonly patterns: readonly string[];
}

/** Reads `[part] [pattern…]`; without a part, everything runs. Gives the usage when it is something else. */
export function parseTestArguments(args: readonly string[]): TestArguments | { readonly usage: string } {
  const [name, ...patterns] = args;
  if (name === undefined) return { parts: testParts, patterns: [] };
  const part = testParts.find((each) => each === name);
  const wrong = part === undefined || patterns.some((pattern) => pattern.startsWith('-'));
  return wrong ? { usage: `Usage: npm test -- [${testParts.join('|')} [pattern …]]` } : { parts: [part], patterns };
}
