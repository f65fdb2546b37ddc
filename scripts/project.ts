import { fileURLToPath } from 'node:url';

/** The project's folder, absolute. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/** Folders of the packages that are published, each after those it depends on. */
export const publishedPackages: readonly string[] = ['sdk/protocol', 'sdk/store', 'sdk/node', 'sdk/client'];

/**
 * TypeScript projects that cover every file once: what runs in a browser by itself, what runs on Node together, then scripts
 * and tests. A file that several read belongs to the first, so each stands after those that it imports. (Each folder has a
 * tsconfig.json as well, for editors and to check it alone.)
 */
export const typedProjects: readonly string[] = [
  'sdk/protocol/tsconfig.json',
  'sdk/client/tsconfig.json',
  'services/demo/page/tsconfig.json',
  'tsconfig.node.json',
  'tsconfig.json',
];
