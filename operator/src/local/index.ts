export { createFleetFile, writeFleetFile } from './fleet-file.ts';
export { createMapFile } from './map-file.ts';
export { replaceFile } from './replace-file.ts';
export { type Fleet, type FleetShard, type FleetSource } from '../observe/fleet-source.ts';
export { movementBetween, type Movement } from '../plan/movement.ts';
