import { isIP } from 'node:net';

/** What `private` stands for, as at the shards. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fe80::/10'];

/** Whether a text names proxies: an address, a CIDR range, `loopback` or `private`. */
export function isProxy(text: string): boolean {
  if (text === 'loopback' || text === 'private') return true;
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/u.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** Names of proxies as the HTTP framework takes them; false trusts none. */
export function trustedAddresses(proxies: readonly string[]): string[] | false {
  const all = proxies.flatMap((name) => (name === 'private' ? PRIVATE : [name]));
  return all.length > 0 && all;
}
