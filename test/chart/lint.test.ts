import { describe, expect, it } from '@jest/globals';
import { chartFolder, ciValues, helm } from './support/render.ts';

describe('helm lint --strict', () => {
  it.each([...ciValues.keys()])('has nothing to say with ci/%s', async (name) => {
    const said = await helm(['lint', '--strict', chartFolder, '-f', '-'], ciValues.get(name));
    expect(said).toContain('0 chart(s) failed');
    expect(said).not.toMatch(/\[(WARNING|ERROR)\]/u);
  });
});
