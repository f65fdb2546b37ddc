import { fileURLToPath } from 'node:url';

/** The project's folder, absolute. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/** Folders of the packages that are published, each after those it depends on. */
export const publishedPackages: readonly string[] = ['sdk/protocol', 'sdk/store', 'sdk/node', 'sdk/client'];

/**
 * TypeScript projects that cover every file once: what runs in a browser by itself, what runs on Node together, then scripts and
 * tests. (Each folder has a tsconfig.json as well, for editors and to check it alone.)
 */
export const typedProjects: readonly string[] = [
  'tsconfig.json',
  'tsconfig.node.json',
  'sdk/client/tsconfig.json',
  'services/demo/page/tsconfig.json',
  'sdk/protocol/tsconfig.json',
];
