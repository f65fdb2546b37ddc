import type { ConnectionState } from '@flotilla-im/client';

/** The connection's state in a word or two, honest and small. */
export function drawState(sign: HTMLElement, state: ConnectionState): void {
  sign.dataset['state'] = state.type;
  sign.textContent = words(state);
}

function words(state: ConnectionState): string {
  switch (state.type) {
    case 'connecting':
      return 'connecting …';
    case 'connected':
      return 'connected';
    case 'waiting':
      return `offline, retrying in ${Math.max(1, Math.ceil(state.retryInMs / 1_000))} s`;
    case 'closed':
      return `disconnected: ${state.reason}`;
  }
}
