export { type ShardConfig, compileConfig } from './config/config.ts';
export { ConfigError } from '@flotilla-im/environment';
export { readEnvironment } from './config/environment.ts';
export { LIMITS, type LimitName, type LimitRow, limitVariable } from './config/limits.ts';
export type { ShardOptions } from './config/options.ts';
export { VARIABLES, type Variable } from './config/variables.ts';
export { METRICS, METRIC_PREFIX, type MetricRow } from './metrics/metric-table.ts';
export { type Shard, type ShardParts, startShard } from './pod/start-shard.ts';
