// Which part of Flotilla may import which: the layers of the design, held by lint.
import { dirname, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scope = '@flotilla-im/';

/**
 * One floor of the building.
 *
 * @typedef {object} Floor
 * @property {string[]} own packages of Flotilla that it may import, without the scope
 * @property {boolean} [isolated] it runs anywhere: no `node:` module and no package but those of `own`; its tests may
 */

/** @type {Record<string, Floor>} */
const floors = {
  'sdk/protocol': { own: [], isolated: true },
  'sdk/store': { own: ['protocol'] },
  'sdk/node': { own: ['store', 'protocol'] },
  'sdk/client': { own: ['protocol'], isolated: true },
  'services/im': { own: ['sdk', 'store', 'protocol'] },
  'services/demo': { own: ['sdk', 'client'] },
  'services/local': { own: ['sdk', 'store', 'protocol'] },
  operator: { own: ['sdk', 'store', 'protocol'] },
};

/** Why `specifier` may not be imported by `file`, or undefined when it may. */
function problemOf(file, specifier) {
  const folder = Object.keys(floors).find((name) => file.startsWith(resolve(root, name) + sep));
  if (folder === undefined) return undefined;
  const floor = floors[folder];
  if (specifier.startsWith('.')) {
    const inside = resolve(dirname(file), specifier).startsWith(resolve(root, folder) + sep);
    return inside ? undefined : `${folder} reaches into another part; import the package instead.`;
  }
  if (specifier.startsWith(scope)) {
    const name = specifier.slice(scope.length).split('/')[0];
    return floor.own.includes(name) ? undefined : `${folder} stands on ${listed(floor.own)}, not on ${specifier}.`;
  }
  const isOwnSource = file.startsWith(resolve(root, folder, 'src') + sep) && !file.endsWith('.test.ts');
  return floor.isolated && isOwnSource ? `${folder} runs anywhere and imports only ${listed(floor.own)}.` : undefined;
}

function listed(names) {
  return names.length === 0 ? 'nothing' : names.map((name) => scope + name).join(', ');
}

/** The rule `flotilla/import-floors`. */
export const importFloors = {
  meta: { type: 'problem', schema: [], docs: { description: 'Keep each part on the floors it stands on' } },
  create(context) {
    const check = (node) => {
      if (typeof node.source?.value !== 'string') return;
      const message = problemOf(context.filename, node.source.value);
      if (message !== undefined) context.report({ node: node.source, message });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};
