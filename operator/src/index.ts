export { type AuthorityRecord, type MapAuthority } from './act/map-authority.ts';
export { METRIC_PREFIX, METRICS, type MetricRow } from './report/metric-table.ts';
export { VARIABLES, type Variable } from './config/variables.ts';
export { type OperatorConfig, type OperatorOptions } from './config/config.ts';
export { createMemoryAuthority } from './local/memory-authority.ts';
export { createMemoryFleet, type MemoryFleet } from './local/memory-fleet.ts';
export { type Fleet, type FleetShard, type FleetSource } from './observe/fleet-source.ts';
export { type Operator, type OperatorDeps, startOperator } from './start-operator.ts';
