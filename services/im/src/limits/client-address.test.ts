import { describe, expect, it } from '@jest/globals';
import { addressKey, createAddressReader } from './client-address.ts';

describe('the network address of a client', () => {
  it('is the peer as long as no proxy is trusted', () => {
    const reader = createAddressReader([]);
    expect(reader.addressOf('203.0.113.9', '198.51.100.1')).toBe('203.0.113.9');
    expect(reader.addressOf('::ffff:203.0.113.9', undefined)).toBe('203.0.113.9');
    expect(reader.addressOf(undefined, undefined)).toBe('unknown');
  });

  it('is what the outermost trusted proxy heard', () => {
    const reader = createAddressReader(['10.0.0.0/8', 'loopback']);
    expect(reader.addressOf('10.1.1.1', '198.51.100.7')).toBe('198.51.100.7');
    expect(reader.addressOf('::1', '192.0.2.1, 198.51.100.7, 10.9.9.9')).toBe('198.51.100.7');
    expect(reader.addressOf('10.1.1.1', '[2001:db8::5]:4711')).toBe('2001:db8::5');
  });

  it('does not believe a header that a stranger wrote', () => {
    const reader = createAddressReader(['10.0.0.0/8']);
    expect(reader.addressOf('203.0.113.9', '198.51.100.7')).toBe('203.0.113.9');
    expect(reader.addressOf('10.1.1.1', 'nonsense')).toBe('10.1.1.1');
  });

  it('is counted by /64 where it is IPv6', () => {
    expect(addressKey('203.0.113.9')).toBe('203.0.113.9');
    expect(addressKey('2001:db8:1:2:aaaa::1')).toBe('2001:db8:1:2');
    expect(addressKey('2001:0db8:1:2::9')).toBe(addressKey('2001:db8:1:2:ffff:ffff:ffff:ffff'));
    expect(addressKey('fe80::1%eth0')).toBe('fe80:0:0:0');
    expect(addressKey('::1')).toBe('0:0:0:0');
  });
});
