import type { Behaviour } from './link.ts';

/** The two ways through a link. */
export type Direction = 'to-server' | 'to-client';

/** What a behaviour means for the bytes that go one way, through all connections of a link. */
export interface Treatment {
  /** Whether bytes go on at once, as they came. */
  readonly isStraight: boolean;
  /** Longer chunks are cut to pieces of so many bytes. */
  readonly pieceBytes: number;
  /** When bytes that come now arrive, milliseconds of the clock of `nowMs`; infinite: not as long as this holds. Order is the caller's. */
  readonly dueMs: (bytes: number, nowMs: number) => number;
}

/** What a packet holds on an Ethernet: chunks are as likely to be hit as the packets that they would be. */
const PACKET_BYTES = 1_448;
const FIRST_REPETITION_MS = 200;
/** After so many losses in a row, 200 s, the packet gets through. */
const MOST_LOSSES = 10;
/** A throttled link hands out bytes so often. */
const THROTTLE_TICK_MS = 20;

const straight: Treatment = { isStraight: true, pieceBytes: Infinity, dueMs: (_, nowMs) => nowMs };
const silent: Treatment = { isStraight: false, pieceBytes: Infinity, dueMs: () => Infinity };

/** @param random - as `Math.random` */
export function createTreatment(behaviour: Behaviour, direction: Direction, random: () => number): Treatment {
  switch (behaviour.type) {
    case 'delay':
      return delaying(behaviour.ms, behaviour.jitterMs, random);
    case 'loss':
      return losing(behaviour.chance, random);
    case 'partition':
      return silent;
    case 'half-open':
      return behaviour.silent === direction ? silent : straight;
    case 'throttle':
      return throttling(behaviour.bytesPerSecond);
    case 'pass':
    case 'refuse':
    case 'drop-notifies':
      return straight;
  }
}

function delaying(ms: number, jitterMs: number, random: () => number): Treatment {
  return { isStraight: false, pieceBytes: Infinity, dueMs: (_, nowMs) => nowMs + ms + random() * jitterMs };
}

function losing(chance: number, random: () => number): Treatment {
  const isLost = (): boolean => random() < chance;
  return {
    isStraight: false,
    pieceBytes: PACKET_BYTES,
    dueMs(_, nowMs) {
      let stallMs = 0;
      for (let losses = 0; losses < MOST_LOSSES && isLost(); losses++) stallMs += FIRST_REPETITION_MS * 2 ** losses;
      return nowMs + stallMs;
    },
  };
}

/** The connections of the link share what it carries: whoever comes later waits for those before. */
function throttling(bytesPerSecond: number): Treatment {
  let freeMs = -Infinity;
  return {
    isStraight: false,
    pieceBytes: Math.max(1, Math.round((bytesPerSecond * THROTTLE_TICK_MS) / 1_000)),
    dueMs(bytes, nowMs) {
      freeMs = Math.max(freeMs, nowMs) + (bytes / bytesPerSecond) * 1_000;
      return freeMs;
    },
  };
}
