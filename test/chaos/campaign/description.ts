import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import type { Verdict } from '../observer/verdict.ts';
import type { RunDescription } from '../report/run-description.ts';
import { FAULTS } from '../faults/faults.ts';
import { SHARDS } from '../faults/scaling.ts';
import type { Schedule } from './schedule.ts';
import type { LoadSize } from './settings.ts';

/** What the report tells of a run beside its verdict. */
export interface Described {
  readonly schedule: Schedule;
  readonly load: LoadSize;
  /** The command line that runs the same again. */
  readonly command: string;
  readonly startedAt: Date;
  readonly redisVersion: string;
}

/** A run as its report describes it, on this machine. */
export function describeRun(described: Described, { durationS }: Verdict): RunDescription {
  const { schedule, load, command, startedAt, redisVersion } = described;
  const { clients, channels, inboxPerSecond, channelPerSecond } = load;
  const redis = schedule.topology === 'single' ? 'one Redis' : 'Redis with a replica and Sentinel';
  return {
    seed: schedule.seed,
    startedAt: startedAt.toISOString(),
    command,
    machine: { cores: cpus().length, memoryBytes: totalmem(), os: `${type()} ${release()}` },
    versions: { flotilla: flotillaVersion(), redis: redisVersion, node: process.versions.node },
    load: { clients, channels, inboxPerSecond, channelPerSecond },
    faultWords: Object.fromEntries(FAULTS.map(({ name, what }) => [name, what.replaceAll('`', '')])),
    topology: `${redis}, ${SHARDS} shards, one operator`,
    durationS,
  };
}

function flotillaVersion(): string {
  const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
