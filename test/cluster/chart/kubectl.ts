import { execFile } from 'node:child_process';

/** Runs kubectl (`KUBECTL`, or the one on the PATH) with a text on its standard input. @throws Error with what it says */
export function kubectl(args: readonly string[], input = ''): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const program = process.env['KUBECTL'] ?? 'kubectl';
    const child = execFile(program, [...args], { maxBuffer: 32 * 1_048_576 }, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr });
      else reject(new Error(stderr.trim() || error.message));
    });
    child.stdin?.end(input);
  });
}

/** Objects as one that kubectl takes. */
export function listOf(items: readonly unknown[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}
