import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * Finds a program.
 *
 * @param named - what the user named outright, a path or a name; when given, nothing else is tried
 * @param candidates - names to look for on the PATH, or absolute paths, in order of preference
 * @returns its absolute path, or undefined when there is none that may be executed
 */
export function findProgram(named: string | undefined, candidates: readonly string[]): string | undefined {
  const wanted = named === undefined || named === '' ? candidates : [named];
  for (const name of wanted) {
    const places = isAbsolute(name) ? [name] : onPath(name);
    const found = places.find(isExecutable);
    if (found !== undefined) return found;
  }
  return undefined;
}

function onPath(name: string): string[] {
  const endings = process.platform === 'win32' ? ['.exe', ''] : [''];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
