import { CASES } from '../../test/chaos/campaign/cases.ts';
import { FAULTS } from '../../test/chaos/faults/faults.ts';
import { code, type MarkedParts, table } from './marked-tables.ts';

/** The tables of test/chaos/README.md, from the faults and the cases in the code. */
export function chaosTables(): MarkedParts {
  return {
    faults: table(
      ['fault', 'what happens', 'held against it, beyond what always is', 'excused'],
      FAULTS.map(({ name, what, held, excuses, topology }) => [
        code(name),
        topology === 'sentinel' ? `${what} (with Sentinel)` : what,
        held,
        excuses.map(code).join(' '),
      ]),
    ),
    cases: table(
      ['case', 'what happens'],
      CASES.map(({ name, what }) => [code(name), what]),
    ),
  };
}
