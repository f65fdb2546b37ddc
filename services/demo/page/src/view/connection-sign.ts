import type { ConnectionState } from '@flotilla-im/client';
import { setText } from './dom.ts';

/** The connection's state in a word or two: small and honest. */
export function drawConnection(sign: HTMLElement, state: ConnectionState): void {
  sign.dataset['state'] = state.type;
  setText(sign, wordsOf(state));
  sign.title = state.type === 'waiting' || state.type === 'closed' ? state.reason : '';
}

function wordsOf(state: ConnectionState): string {
  switch (state.type) {
    case 'connecting':
      return 'Connecting …';
    case 'connected':
      return 'Connected';
    case 'waiting':
      return 'Offline, trying again …';
    case 'closed':
      return 'Disconnected';
  }
}
