import { describe, expect, it } from '@jest/globals';
import { helpText } from './help.ts';
import { LIMITS, LIMIT_NAMES, limitVariable } from './limits.ts';
import { VARIABLES } from './variables.ts';

describe('the help of a pod', () => {
  it('lists every variable with its default', () => {
    const help = helpText();
    for (const { name } of VARIABLES) expect(help).toContain(`${name}\n`);
    for (const name of LIMIT_NAMES) expect(help).toContain(`${limitVariable(name)}\n`);
    expect(help).toContain(`Default: ${LIMITS.handshakesPerSecond.default.toLocaleString('en-US')} per second`);
  });

  it('shows a default for every variable', () => {
    expect(VARIABLES.every(({ shownDefault }) => shownDefault !== '')).toBe(true);
  });
});
