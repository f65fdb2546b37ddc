import { describe, expect, test } from '@jest/globals';
import { findPort, type PortWish } from './ports.ts';

const wish: PortWish = { first: 8080, isFixed: false, who: 'The demo', option: '--port' };
const usedBut =
  (...free: number[]) =>
  (port: number): Promise<boolean> =>
    Promise.resolve(free.includes(port));

describe('finding a port', () => {
  test('takes the first when that is free', async () => {
    expect(await findPort(wish, usedBut(8080, 8081))).toBe(8080);
  });

  test('takes the next free one, past those that are promised', async () => {
    expect(await findPort({ ...wish, taken: new Set([8081]) }, usedBut(8081, 8083))).toBe(8083);
  });

  test('says in a sentence that the one asked for is in use', async () => {
    await expect(findPort({ ...wish, isFixed: true }, usedBut(8081))).rejects.toThrow(
      'Port 8080 is in use, by another program. The demo needs one: --port asks for another.',
    );
  });

  test('gives up when all in reach are in use', async () => {
    await expect(findPort(wish, usedBut())).rejects.toThrow('Ports 8080 to 8280 are in use');
  });
});
