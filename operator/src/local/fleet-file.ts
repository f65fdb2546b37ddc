import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import * as v from 'valibot';
import type { Fleet, FleetSource } from '../observe/fleet-source.ts';
import { replaceFile } from './replace-file.ts';

const shardId = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535));

const fleetSchema: v.GenericSchema<unknown, Fleet> = v.object({
  desired: v.pipe(v.number(), v.integer(), v.minValue(0)),
  firstId: v.optional(shardId, 0),
  shards: v.array(
    v.object({ id: shardId, url: v.string(), present: v.boolean(), ready: v.boolean(), deleting: v.boolean() }),
  ),
});

/** The launcher's word on its processes, as a file: what a StatefulSet and its pods are on Kubernetes. */
export function createFleetFile(path: string): FleetSource {
  return {
    async read() {
      return v.parse(fleetSchema, JSON.parse(await readFile(path, 'utf8')));
    },
    watch: (onChange) => watchFile(path, onChange),
  };
}

/** Writes such a file; its readers never see half of it. */
export async function writeFleetFile(path: string, fleet: Fleet): Promise<void> {
  await replaceFile(path, `${JSON.stringify(fleet, null, 2)}\n`);
}

/** The folder is watched, because the file is replaced each time. Where watching fails, the operator's own pace remains. */
function watchFile(path: string, onChange: () => void): () => void {
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_, name) => {
      if (name === null || name === basename(path)) onChange();
    });
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}
