import { describe, expect, it } from '@jest/globals';
import type { JournalRecord } from '../../journal/record.ts';
import type { Mutant } from '../load.ts';
import { mutate } from './mutate.ts';

const INBOX = 'inbox:v1-0';

function setup(mutant: Mutant | null) {
  const written: JournalRecord[] = [];
  const mutated = mutate(mutant, (record) => void written.push(record));
  const arrive = (count: number, clientId = 'v1-0'): void => {
    for (let n = 1; n <= count; n += 1) mutated.write(['arrived', n, clientId, 1, 'sender-0.1', INBOX, n]);
  };
  const numbers = (): number[] => written.filter(([what]) => what === 'arrived').map((record) => record[6] as number);
  const presence = (type: 'online' | 'offline', count: number): void => {
    for (let i = 0; i < count; i += 1) mutated.write(['presence', i, 'watcher-0', `v1-${i}`, type, '']);
  };
  return { written, mutated, arrive, numbers, presence };
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);

describe('planted faults', () => {
  it('are none without a mutant', () => {
    const { arrive, numbers } = setup(null);
    arrive(1_000);
    expect(numbers()).toEqual(upTo(1_000));
  });

  it('drop an arrival now and then', () => {
    const { arrive, numbers } = setup('drop');
    arrive(1_000);
    expect(numbers()).toEqual(upTo(1_000).filter((n) => ![50, 450, 850].includes(n)));
  });

  it('repeat an arrival', () => {
    const { arrive, numbers } = setup('repeat');
    arrive(60);
    expect(numbers()).toEqual([...upTo(50), ...upTo(60).slice(49)]);
  });

  it('swap two arrivals of a log, whatever comes between, at times that say so too', () => {
    const { mutated, arrive, written, numbers } = setup('swap');
    arrive(50);
    mutated.write(['arrived', 50.5, 'v1-1', 1, 'sender-0.1', 'inbox:v1-1', 99]);
    mutated.write(['arrived', 51, 'v1-0', 1, 'sender-0.1', INBOX, 51]);
    expect(numbers()).toEqual([...upTo(49), 99, 51, 50]);
    expect(written.map((record) => record[1])).toEqual([...upTo(49), 50.5, 51, 51.01]);
  });

  it('lose nothing that was to be swapped', () => {
    const { mutated, arrive, numbers } = setup('swap');
    arrive(50);
    mutated.flush();
    expect(numbers()).toEqual(upTo(50));
  });

  it('forge an arrival that nobody sent', () => {
    const { arrive, numbers } = setup('forge');
    arrive(50);
    expect(numbers()).toEqual([...upTo(50), 1_000_050]);
  });

  it('leave clients alone that may get something twice', () => {
    const { arrive, numbers } = setup('drop');
    arrive(1_000, 'plain-0');
    expect(numbers()).toEqual(upTo(1_000));
  });

  it('tell of a gap that is none', () => {
    const { arrive, written } = setup('false-gap');
    arrive(60);
    expect(written).toHaveLength(61);
    expect(written[50]).toEqual(['gap', 50, 'v1-0', INBOX]);
  });

  it('keep a gap to themselves', () => {
    const { mutated, arrive, written } = setup('forget-gap');
    mutated.write(['gap', 1, 'v1-0', INBOX]);
    arrive(10);
    expect(written).toHaveLength(10);
  });

  it('keep a loss of everything to themselves', () => {
    const { mutated, arrive, written } = setup('forget-loss');
    mutated.write(['loss', 1, 'watcher-0']);
    arrive(10);
    expect(written).toHaveLength(10);
  });

  it('forget three that went offline', () => {
    const { presence, written } = setup('forget-offline');
    presence('online', 20);
    presence('offline', 20);
    expect(written).toHaveLength(37);
    expect(written.map((record) => record[3])).not.toContain(undefined);
  });

  it('invent three that went offline', () => {
    const { presence, written } = setup('invent-offline');
    presence('online', 20);
    expect(written.filter((record) => record[4] === 'offline').map((record) => record[3])).toEqual([
      'v1-2',
      'v1-5',
      'v1-8',
    ]);
  });
});
