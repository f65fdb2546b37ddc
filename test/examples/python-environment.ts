import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folder = fileURLToPath(new URL('../../node_modules/.cache/python-device', import.meta.url));

/** A Python that has what the file of requirements names, or why there is none here. */
export type PythonEnvironment = { readonly python: string } | { readonly missing: string };

/** Makes a virtual environment for it, unless an earlier run did for the same requirements. */
export async function ensurePython(requirements: string): Promise<PythonEnvironment> {
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const stamp = join(folder, 'requirements.txt');
  const wanted = await readFile(requirements, 'utf8');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted && existsSync(python)) return { python };
  const version = await attempt('python3', ['-c', 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))']);
  if (version !== null) return { missing: `there is no python3 of 3.9 or newer with venv: ${version}` };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const problem =
    (await attempt('python3', ['-m', 'venv', folder])) ??
    (await attempt(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]));
  if (problem !== null) return { missing: `pip could not install ${wanted.trim()}: ${problem}` };
  await writeFile(stamp, wanted);
  return { python };
}

/** Null when it worked, else its last words. */
async function attempt(program: string, args: readonly string[]): Promise<string | null> {
  try {
    await run(program, args, { timeout: 180_000 });
    return null;
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: string };
    return stderr?.trim().split('\n').at(-1) ?? message;
  }
}
