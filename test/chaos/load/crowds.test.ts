import { describe, expect, it } from '@jest/globals';
import { Chance } from '../../simulation/platform/chance.ts';
import type { CrowdCommands } from './clients/main.ts';
import { Crowds } from './crowds.ts';
import { deal, peopleOf } from './people.ts';
import type { Program } from './programs/program.ts';

function setup(seed: number) {
  const struck: string[] = [];
  const tell = (_: string, ids: string[]): Promise<void> => {
    struck.push(...ids);
    return Promise.resolve();
  };
  const program = { tell } as unknown as Program<CrowdCommands>;
  const processes = deal(peopleOf({ v1: 40, plain: 0, socketIo: 0 }, 1), 2).map((people) => ({ program, people }));
  const journal = { write: () => undefined, writeNow: () => undefined, close: () => Promise.resolve() };
  return { struck, crowds: new Crowds(processes, journal, new Chance(seed, 'crowds')) };
}

async function struckOf(seed: number): Promise<string[]> {
  const { struck, crowds } = setup(seed);
  await crowds.storm(0.25);
  await crowds.stall(0.5);
  return struck;
}

describe('the clients that something happens to', () => {
  it('are the same for the same seed, and others for another', async () => {
    expect(await struckOf(7)).toHaveLength(30);
    expect(await struckOf(7)).toEqual(await struckOf(7));
    expect(await struckOf(8)).not.toEqual(await struckOf(7));
  });
});
