import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** How a short-lived program ended. */
export interface RunResult {
  /** Null: it could not start, or was ended for taking too long. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the search for Redis asks of the system; tests bring their own. */
export interface System {
  /** Runs a program to its end, without a shell. Never rejects. */
  run(program: string, args: readonly string[], options?: RunSettings): Promise<RunResult>;
  /** The absolute path of a program on the PATH; null when there is none. */
  find(name: string): string | null;
}

/** How a program is run. */
export interface RunSettings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Default 10 s. */
  readonly timeoutMs?: number;
}

/** The system that this process runs on. */
export function createSystem(env: Readonly<Record<string, string | undefined>>, platform: string): System {
  return {
    run: (program, args, settings = {}) =>
      new Promise((resolve) => {
        const { cwd, timeoutMs = 10_000 } = settings;
        const options = { cwd, timeout: timeoutMs, env: { ...env, LC_ALL: 'C', ...settings.env }, windowsHide: true };
        execFile(program, [...args], { ...options, maxBuffer: 16 * 1_024 * 1_024 }, (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
          resolve({ code, stdout, stderr: stderr === '' && error !== null ? error.message : stderr });
        });
      }),
    find(name) {
      const endings = platform === 'win32' ? ['.exe', ''] : [''];
      const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
      const places = folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending)));
      return places.find(isProgram) ?? null;
    },
  };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
