import { expect, test } from '@jest/globals';
import { createShardPorts } from './shard-ports.ts';

const free = (): Promise<boolean> => Promise.resolve(true);

test('a shard that comes back has its old port again, also where only that one will do', async () => {
  const portOf = createShardPorts({ first: 9100, isFixed: true }, free);
  expect([await portOf(0), await portOf(1), await portOf(1)]).toEqual([9100, 9101, 9101]);
});

test('no two shards have one port, whatever was in use when they came', async () => {
  const portOf = createShardPorts({ first: 9100, isFixed: false }, (port) => Promise.resolve(port !== 9100));
  expect([await portOf(0), await portOf(1), await portOf(0)]).toEqual([9101, 9102, 9101]);
});

test('a port that is in use is a problem only where no other one will do', async () => {
  const portOf = createShardPorts({ first: 9100, isFixed: true }, () => Promise.resolve(false));
  await expect(portOf(2)).rejects.toThrow('Port 9102 is in use');
});
