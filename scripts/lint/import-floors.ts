// Which part of Flotilla may import which: the layers of the design, held by lint.
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Rule } from 'eslint';
import type { ExportAllDeclaration, ExportNamedDeclaration, ImportDeclaration, ImportExpression } from 'estree';
import { projectRoot } from '../project.ts';

/** One floor of the building. */
interface Floor {
  /** Packages of Flotilla that it may import, without the scope. */
  readonly own: readonly string[];
  /** It runs anywhere: its sources, though not their tests, import no `node:` module and no package but those of `own`. */
  readonly isolated?: boolean;
  /** Each of its folders is copied by itself: nothing in one reaches into another. */
  readonly apart?: boolean;
}

const floors: Readonly<Record<string, Floor>> = {
  'sdk/protocol': { own: [], isolated: true },
  'sdk/store': { own: ['protocol'] },
  'sdk/node': { own: ['store', 'protocol'] },
  'sdk/client': { own: ['protocol'], isolated: true },
  // What programs share; no library carries it.
  environment: { own: [], isolated: true },
  'services/im': { own: ['environment', 'sdk', 'store', 'protocol'] },
  'services/demo': { own: ['environment', 'sdk', 'client'] },
  // It starts all the others.
  'services/local': { own: ['im', 'demo', 'operator', 'sdk', 'store', 'protocol'] },
  operator: { own: ['environment', 'client', 'sdk', 'store', 'protocol'] },
  // Programs of others: they have what is published for applications, and nothing besides.
  examples: { own: ['sdk', 'client', 'protocol'], apart: true },
};

const scope = '@flotilla-im/';

/** The rule `flotilla/import-floors`: a part imports itself, the parts below it, and nothing by a path across parts. */
export const importFloors: Rule.RuleModule = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    type Importing = ImportDeclaration | ImportExpression | ExportNamedDeclaration | ExportAllDeclaration;
    const check = (node: Importing): void => {
      if (node.source?.type !== 'Literal' || typeof node.source.value !== 'string') return;
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

/** Why `file` may not import `specifier`; undefined when it may. */
function problemOf(file: string, specifier: string): string | undefined {
  const [folder, floor] = Object.entries(floors).find(([name]) => isInside(file, name)) ?? [];
  if (folder === undefined || floor === undefined) return undefined;
  if (specifier.startsWith('.')) {
    const bounds = floor.apart === true ? folderWithin(file, folder) : folder;
    const stays = isInside(resolve(dirname(file), specifier), bounds);
    return stays ? undefined : `${bounds} reaches into another part by a path; import the package instead.`;
  }
  if (specifier.startsWith(scope)) {
    const name = specifier.slice(scope.length).split('/')[0] ?? '';
    return floor.own.includes(name) ? undefined : `${folder} stands on ${listed(floor)}, not on ${specifier}.`;
  }
  const isSource = isInside(file, `${folder}/src`) && !file.endsWith('.test.ts');
  return floor.isolated === true && isSource ? `${folder} runs anywhere and imports only ${listed(floor)}.` : undefined;
}

function isInside(file: string, folder: string): boolean {
  return file.startsWith(resolve(projectRoot, folder) + sep);
}

/** The folder right below `folder` that the file is in. */
function folderWithin(file: string, folder: string): string {
  const [name = ''] = relative(resolve(projectRoot, folder), file).split(sep);
  return join(folder, name);
}

function listed({ own }: Floor): string {
  return own.length === 0 ? 'nothing' : own.map((name) => scope + name).join(', ');
}
