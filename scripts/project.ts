import { fileURLToPath } from 'node:url';

/** The project's folder, absolute. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/** Folders of the packages that are published, each after those it depends on. */
export const publishedPackages: readonly string[] = ['sdk/protocol', 'sdk/store', 'sdk/node', 'sdk/client'];

/** Folders with a tsconfig.json of their own; `.` holds the scripts and the unit tests. */
export const typedFolders: readonly string[] = [
  ...publishedPackages,
  'services/im',
  'services/demo',
  'services/demo/page',
  'services/local',
  'operator',
  'test',
  '.',
];
