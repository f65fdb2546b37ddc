import type { IceServer } from '../words.ts';

const ADDRESS = /^(stun|stuns|turn|turns):[^\s/?]+(\?transport=(udp|tcp))?$/u;
const KNOWN = new Set(['urls', 'username', 'credential']);

/**
 * Servers that browsers ask how they can be reached (STUN) or that relay for them (TURN), as the browsers'
 * RTCPeerConnection takes them.
 *
 * @throws {Error} whose message says what is wrong, and never what was given: it may hold a credential
 */
export function parseIceServers(value: unknown): IceServer[] {
  if (!Array.isArray(value)) throw new Error('must be a JSON list such as [{"urls": "stun:stun.example.org:3478"}]');
  return value.map((each: unknown, i) => {
    const fault = faultOf(each);
    if (fault !== null) throw new Error(`has a fault in server ${i + 1}: ${fault}`);
    return each as IceServer;
  });
}

function faultOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it must be an object';
  const { urls, username, credential } = value as Partial<Record<string, unknown>>;
  if (!Object.keys(value).every((key) => KNOWN.has(key))) return 'only "urls", "username" and "credential" are known';
  const addresses: readonly unknown[] = Array.isArray(urls) ? urls : [urls];
  const isAddress = (url: unknown): url is string => typeof url === 'string' && ADDRESS.test(url);
  if (addresses.length === 0 || !addresses.every(isAddress)) {
    return '"urls" must be addresses such as stun:host:3478 or turns:host:5349?transport=tcp';
  }
  for (const given of [username, credential]) {
    if (given !== undefined && typeof given !== 'string') return '"username" and "credential" must be texts';
  }
  // Without them no browser makes a connection at all (WebRTC 1.0, section 4.4.1.6).
  const isRelay = addresses.some((url) => url.startsWith('turn'));
  return isRelay && (!username || !credential) ? 'turn: needs "username" and "credential"' : null;
}
