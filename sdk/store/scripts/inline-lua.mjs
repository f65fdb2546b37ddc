// Replaces dist/lua-source.js, which reads files, by a module that holds every script of src/lua.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const folder = new URL('../src/lua/', import.meta.url);
const target = new URL('../dist/lua-source.js', import.meta.url);

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.lua'))
  .map((file) => file.slice(0, -'.lua'.length))
  .sort();

const entries = names.map((name) => {
  const text = readFileSync(new URL(`${name}.lua`, folder), 'utf8');
  return `  [${JSON.stringify(name)}, ${JSON.stringify(text)}],\n`;
});

writeFileSync(
  target,
  `const sources = new Map([\n${entries.join('')}]);\n
export function luaSource(name) {
  const source = sources.get(name);
  if (source === undefined) throw new Error(\`there is no script named \${name}\`);
  return source;
}\n`,
);
// The map would point at the file-reading source, which this module no longer is.
rmSync(new URL('../dist/lua-source.js.map', import.meta.url), { force: true });
