import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

interface Artifact {
  readonly image: string;
  readonly docker: { readonly dockerfile: string };
}

interface Rule {
  readonly src: string;
  readonly dest: string;
}

interface Skaffold {
  readonly build: { readonly artifacts: readonly Artifact[] };
  readonly profiles: readonly {
    readonly name: string;
    readonly patches?: readonly { readonly path: string; readonly value?: unknown }[];
  }[];
}

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(fileURLToPath(new URL(path, root)), 'utf8');
const { build, profiles } = parse(read('skaffold.yaml')) as Skaffold;

/** What the profile of `skaffold dev` says of each artifact: patches name them by their place. */
function patched(field: string): Map<string, unknown> {
  const patches = profiles.find(({ name }) => name === 'dev')?.patches ?? [];
  return new Map(
    build.artifacts.flatMap(({ docker }, at) => {
      const patch = patches.find(({ path }) => path === `/build/artifacts/${at}/${field}`);
      return patch === undefined ? [] : [[docker.dockerfile, patch.value] as const];
    }),
  );
}

describe('skaffold dev', () => {
  it('runs shards and demo from their sources, and makes an image of the operator, whose programs the chart names', () => {
    const targets = { 'services/im/Dockerfile': 'dev', 'services/demo/Dockerfile': 'dev' };
    expect(Object.fromEntries(patched('docker/target'))).toEqual(targets);
    expect([...patched('sync').keys()]).toEqual(Object.keys(targets));
  });

  it.each([...patched('sync')])('replaces sources where %s has them, as a process that may', (dockerfile, sync) => {
    const text = read(dockerfile);
    const folder = /^WORKDIR (.+)$/mu.exec(text)?.[1];
    const owned = [...text.matchAll(/^COPY --chown=1000:1000 (\S+) /gmu)].map(([, path]) => path);
    for (const { src, dest } of (sync as { readonly manual: readonly Rule[] }).manual) {
      expect(dest).toBe(folder);
      expect(owned).toContainEqual(src.startsWith('services/') ? src.split('/src/')[0] : src.split('/')[0]);
    }
    expect(text).toMatch(/^FROM sources AS dev$/mu);
  });
});
