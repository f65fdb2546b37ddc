import { BlockList, isIP } from 'node:net';

/** Tells the network address a request came from. */
export interface AddressReader {
  /**
   * @param peer - address of the TCP peer
   * @param forwardedFor - the X-Forwarded-For header, believed only as far as trusted proxies wrote it
   * @returns an address in one spelling (IPv4-mapped IPv6 as IPv4); `unknown` for a socket that is gone
   */
  addressOf(peer: string | undefined, forwardedFor: string | undefined): string;
}

const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fe80::/10'],
};

/** @param trustedProxies - addresses, CIDR ranges, `loopback`, `private`; already checked */
export function createAddressReader(trustedProxies: readonly string[]): AddressReader {
  const trusted = new BlockList();
  for (const entry of trustedProxies.flatMap((name) => NAMED[name] ?? [name])) addRange(trusted, entry);
  const isTrusted = (address: string): boolean => {
    const version = isIP(address);
    return version !== 0 && trusted.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
  return {
    addressOf(peer, forwardedFor) {
      let address = plainAddress(peer ?? '') ?? 'unknown';
      if (trustedProxies.length === 0 || forwardedFor === undefined) return address;
      // Each proxy appends who it heard from; the rightmost that is no proxy of ours is the client, what is left of it is hearsay.
      const hops = forwardedFor.split(',').reverse();
      for (const hop of hops) {
        if (!isTrusted(address)) break;
        const next = plainAddress(hop.trim());
        if (next === null) break;
        address = next;
      }
      return address;
    },
  };
}

/**
 * The key under which connections of an address are counted: an IPv4 address, or the /64 that an IPv6 host can take any
 * address of.
 */
export function addressKey(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':');
}

function addRange(list: BlockList, entry: string): void {
  const [address = '', bits] = entry.split('/');
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(bits), family);
}

/** One spelling of an address, without port or brackets; null when it is none. */
function plainAddress(text: string): string | null {
  const bare =
    /^\[(.*)\](?::\d+)?$/u.exec(text)?.[1] ?? (/^[\d.]+:\d+$/u.test(text) ? text.split(':')[0] : text) ?? text;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(bare)?.[1] ?? bare;
  return isIP(mapped) === 0 ? null : mapped;
}
