import { describe, expect, test } from '@jest/globals';
import { parseShardMap } from '@flotilla-im/protocol';
import { createScene, servingShard } from '../../testing/scene.ts';
import { mapJson, mapSummary } from './map-text.ts';

function setup() {
  const scene = createScene();
  scene.see([servingShard(0), servingShard(1)]);
  scene.see([servingShard(0), servingShard(1, { deleting: true })]);
  return scene.map();
}

describe('the map as people read it', () => {
  test('is the same map, a line a shard', () => {
    const map = setup();
    expect(parseShardMap(mapJson(map))).toEqual(map);
    expect(mapJson(map)).toContain('\n    {"id":1,"url":"ws://127.0.0.1:9101/s/1","state":"draining"}\n');
  });

  test('is a table in words', () => {
    expect(mapSummary(setup()).split('\n')).toEqual([
      'epoch 2: 1 of 2 shards up, 2048 of 4096 slots lent',
      'shard  state     serves  own   url',
      '0      up        4096    2048  ws://127.0.0.1:9100/s/0',
      '1      draining  0       2048  ws://127.0.0.1:9101/s/1',
      '',
    ]);
  });
});
