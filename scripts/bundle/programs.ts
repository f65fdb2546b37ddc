/** Per image its programs: the file's name in the image without `.js`, and the source it begins with. */
const programs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  im: { main: 'services/im/src/main.ts' },
  operator: {
    main: 'operator/src/main.ts',
    setup: 'operator/src/setup/main.ts',
    check: 'operator/src/check/main.ts',
  },
  demo: { main: 'services/demo/src/main.ts' },
  // Not released: what the cluster tests run inside a cluster.
  load: { main: 'test/cluster/load/main.ts', signal: 'test/cluster/load/signal.ts' },
};

/**
 * The entry points of an image's programs.
 *
 * @throws {Error} for an image that there is not
 */
export function programsOf(image: string): Record<string, string> {
  const found = programs[image];
  if (found === undefined)
    throw new Error(`There is no image ${image}; there are ${Object.keys(programs).join(', ')}.`);
  return { ...found };
}
