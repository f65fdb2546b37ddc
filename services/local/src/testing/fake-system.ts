import type { RunResult, System } from '../redis/system.ts';

/** A system on which only these programs are there, by name; each answers to its arguments. */
export function createFakeSystem(programs: Readonly<Record<string, (args: readonly string[]) => Partial<RunResult>>>): {
  readonly system: System;
  /** What was run, as lines. */
  readonly ran: string[];
} {
  const ran: string[] = [];
  const system: System = {
    find: (name) => (name in programs ? `/bin/${name}` : null),
    run(program, args) {
      const name = program.split('/').at(-1) ?? '';
      ran.push([name, ...args].join(' '));
      const answer = programs[name]?.(args) ?? { code: null, stderr: `spawn ${program} ENOENT` };
      return Promise.resolve({ code: 0, stdout: '', stderr: '', ...answer });
    },
  };
  return { system, ran };
}
