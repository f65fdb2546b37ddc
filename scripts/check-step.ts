import { projectRoot } from './project.ts';
import { runNode } from './run-command.ts';
import type { Step } from './test-step.ts';

/** A step that runs one script and counts as one check, passed when the script ends with code 0. */
export function checkStep(title: string, script: string, args: readonly string[] = []): Step {
  return {
    title,
    run: async () => {
      const { code, output } = await runNode(script, args, { cwd: projectRoot });
      return code === 0 ? { passed: 1, failed: 0, details: '' } : { passed: 0, failed: 1, details: output };
    },
  };
}
