import { formatPosition } from '@flotilla-im/protocol';
import type { MarkedPlace } from './marks.ts';
import type { Notice } from './transport.ts';

/** Says that messages before a place of a log are lost, or were left out since the reader is slow. */
export function gapNotice({ follower, position }: MarkedPlace, reason?: 'slow'): Notice {
  const { kind, id } = follower.view.key;
  return {
    type: 'gap',
    ...(kind === 'channel' ? { channel: id } : {}),
    position: formatPosition(position),
    ...(reason === undefined ? {} : { reason }),
  };
}
