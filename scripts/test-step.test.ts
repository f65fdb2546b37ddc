import { expect, test } from '@jest/globals';
import { leftOut, runLane } from './test-step.ts';

test('a step that is left out says why in one line, counts as nothing, and the next one runs', async () => {
  const lines: string[] = [];
  const next = { title: 'next', run: () => Promise.resolve({ passed: 2, failed: 0, details: '' }) };
  const results = await runLane([leftOut('chart tests', 'there is no helm'), next], (text) => lines.push(text));
  expect(results.map(({ passed, failed }) => [passed, failed])).toEqual([
    [0, 0],
    [2, 0],
  ]);
  expect(lines.slice(0, 3)).toEqual(['… chart tests\n', '– chart tests: left out, there is no helm\n', '… next\n']);
  expect(lines[3]).toMatch(/^✓ next: 2 passed/u);
});
