import { describe, expect, it } from '@jest/globals';
import { createPace } from '../limits/pace.ts';
import { UnderWay } from '../limits/under-way.ts';
import { createOriginCheck } from '../limits/allowed-origin.ts';
import { type Admission, type GateOptions, createGate } from './admission.ts';

function setup(overrides: Partial<GateOptions> = {}) {
  const clock = { nowMs: 0 };
  const gate = createGate({
    shard: 1,
    state: () => 'up',
    isAllowedOrigin: createOriginCheck(['https://a.example']),
    pace: createPace(1_000),
    underWay: new UnderWay(100),
    connectionsPerAddress: 2,
    handshakesPerAddress: 1_000,
    connectionsPerPod: 3,
    now: () => clock.nowMs,
    chance: () => 0,
    ...overrides,
  });
  const admit = (address = '203.0.113.1', more: { origin?: string; shard?: number } = {}): Admission =>
    gate.admit({ address, origin: more.origin, shard: more.shard ?? null });
  return { gate, admit, clock };
}

function codeOf(admission: Admission): string {
  return admission.type === 'admitted' ? 'admitted' : `${admission.type} ${admission.error.code}`;
}

describe('the gate of a pod', () => {
  it('counts connections per address and per pod, and takes them back once', () => {
    const { gate, admit } = setup();
    const first = admit();
    expect([admit(), admit(), admit('203.0.113.2'), admit('203.0.113.3')].map(codeOf)).toEqual([
      'admitted',
      'refused too_many_connections',
      'admitted',
      'refused overloaded',
    ]);
    if (first.type === 'admitted') {
      first.release();
      first.release();
    }
    expect(gate.open).toBe(2);
    expect(codeOf(admit())).toBe('admitted');
  });

  it('tells whom it has no room for to come again much later, each at another time', () => {
    const { admit } = setup({ chance: () => 0.5, connectionsPerPod: 1 });
    admit();
    expect(admit('203.0.113.2')).toMatchObject({ error: { retryAfterMs: 7_500 } });
  });

  it('refuses another shard in the path, but takes a path without a shard and its own', () => {
    const { admit } = setup();
    expect(codeOf(admit('203.0.113.1', { shard: 0 }))).toBe('refused wrong_shard');
    expect(codeOf(admit('203.0.113.1', { shard: 1 }))).toBe('admitted');
  });

  it('refuses a foreign origin', () => {
    const { admit } = setup();
    expect(codeOf(admit('203.0.113.1', { origin: 'https://evil.example' }))).toBe('refused origin_refused');
    expect(codeOf(admit('203.0.113.1', { origin: 'https://a.example' }))).toBe('admitted');
  });

  it.each([
    ['draining', 'refused draining'],
    ['starting', 'refused overloaded'],
  ] as const)('while %s answers: %s', (state, code) => {
    const { admit } = setup({ state: () => state });
    expect(codeOf(admit())).toBe(code);
  });

  it('tells an address that comes too often when to come again, and takes nothing of the pace for it', () => {
    const { admit } = setup({ handshakesPerAddress: 10, pace: createPace(20), connectionsPerAddress: 100 });
    const outcomes = Array.from({ length: 30 }, () => admit()).map(codeOf);
    expect(outcomes.slice(0, 2)).toEqual(['admitted', 'refused rate_limited']);
    expect(outcomes.at(-1)).toBe('dropped rate_limited');
    expect(codeOf(admit('203.0.113.2'))).toBe('admitted');
  });

  it('tells the excess when to come again, and drops what is beyond telling', () => {
    const { admit } = setup({ pace: createPace(10), connectionsPerAddress: 100, connectionsPerPod: 100 });
    const outcomes = Array.from({ length: 20 }, () => admit());
    expect(outcomes.slice(0, 2).map(codeOf)).toEqual(['admitted', 'refused overloaded']);
    const second = outcomes[1];
    expect(second?.type === 'refused' && second.error.retryAfterMs).toBeGreaterThan(0);
    expect(codeOf(outcomes.at(-1)!)).toBe('dropped overloaded');
  });

  it('begins with no more arrivals than it gets through, and has the others come when it is through those before them', () => {
    const { admit, clock } = setup({
      underWay: new UnderWay(10),
      handshakesPerAddress: 10_000,
      connectionsPerAddress: 1_000,
      connectionsPerPod: 1_000,
    });
    const begin = (count: number): Admission[] => Array.from({ length: count }, () => admit());
    const welcome = (all: readonly Admission[]): void => {
      for (const one of all) if (one.type === 'admitted') one.welcomed();
    };
    // Each takes it two seconds: it gets through five a second, whatever its pace.
    for (let i = 0; i < 40; i += 1) {
      const some = begin(10);
      clock.nowMs += 2_000;
      welcome(some);
    }
    const storm = begin(20);
    expect(storm.map(codeOf)).toEqual([
      ...Array<string>(10).fill('admitted'),
      ...Array<string>(10).fill('refused overloaded'),
    ]);
    const waits = storm.flatMap((one) => (one.type === 'refused' ? [one.error.retryAfterMs ?? 0] : []));
    expect(waits.at(-1)! - waits[0]!).toBeGreaterThan(1_500);
    welcome(storm);
    expect(codeOf(admit())).toBe('admitted');
  });

  it('keeps no place for an arrival that is gone, or has said nothing for seconds', () => {
    const { admit, clock } = setup({ underWay: new UnderWay(1), connectionsPerAddress: 10, connectionsPerPod: 10 });
    const gone = admit();
    expect(codeOf(admit())).toBe('refused overloaded');
    if (gone.type === 'admitted') gone.release();
    expect(codeOf(admit())).toBe('admitted');
    clock.nowMs += 4_000;
    expect(codeOf(admit())).toBe('refused overloaded');
    clock.nowMs += 1_000;
    expect(codeOf(admit())).toBe('admitted');
  });
});
