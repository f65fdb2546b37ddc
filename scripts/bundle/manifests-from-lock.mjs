// Writes the package.json of every workspace as far as the lock file tells it, development aside, beside that lock file: then
// `npm ci --omit=dev` of an image needs no other file, and its layer is made anew only when the lock file changes.
// Plain JavaScript without dependencies, since it runs before anything is installed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
for (const [folder, { name, version, workspaces, dependencies }] of Object.entries(packages)) {
  // What lies in node_modules was installed from elsewhere; the rest is the project's own, the root under the empty name.
  if (folder.startsWith('node_modules/') || folder.includes('/node_modules/')) continue;
  mkdirSync(join('.', folder), { recursive: true });
  const manifest = { name, version, private: true, type: 'module', workspaces, dependencies };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
