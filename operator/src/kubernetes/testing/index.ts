export { type FakeApiServer, type FakeRequest, type Fault, startFakeApiServer } from './fake-api-server.ts';
export type { FakeObject } from './object-table.ts';
