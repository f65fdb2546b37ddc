import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigError } from '@flotilla-im/environment';
import { parseIceServers } from '../calls/ice-servers.ts';
import { isProxy } from '../http/trusted-addresses.ts';
import type { IceServer } from '../words.ts';
import { parseCookieSecrets } from './cookie-secrets.ts';

/** What the demo is started with. */
export interface DemoOptions {
  /** Default `flotilla`. */
  readonly cluster?: string;
  /** Not needed where a store is handed over. Default `redis://127.0.0.1:6379`. */
  readonly redisUrl?: string;
  /** A file with the password of Redis, instead of one in the URL. */
  readonly redisPasswordFile?: string;
  /** The JWKS file whose first key signs connection tokens; the secrets of the session cookies are derived from it. */
  readonly tokenKeysFile: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free one. Default 8080. */
  readonly port?: number;
  /** Proxies whose X-Forwarded-For is believed: addresses, CIDR ranges, `loopback`, `private`. Default none. */
  readonly trustedProxies?: readonly string[];
  /** The launcher's control endpoint, where the demo was started on one machine. */
  readonly controlUrl?: string;
  /** For calls: a list of STUN and TURN servers, as `RTCPeerConnection` takes it. Default none: browsers that reach each other directly. */
  readonly iceServers?: unknown;
  /** Folder of the files that people send each other; made where it is missing. Default `flotilla-demo-files` among temporary files. */
  readonly filesDir?: string;
  /** The largest file. Default 25,000,000. */
  readonly fileBytes?: number;
  /** All files together. Default 1,000,000,000. */
  readonly filesTotalBytes?: number;
}

/** The options, checked, with nothing left open. */
export interface DemoConfig {
  readonly cluster: string;
  readonly redisUrl: string;
  readonly redisPassword: string | null;
  readonly tokenKeysFile: string;
  /** The first one signs, all are believed. */
  readonly cookieSecrets: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly trustedProxies: readonly string[];
  readonly controlUrl: string | null;
  /** An absolute path. */
  readonly filesDir: string;
  readonly fileBytes: number;
  readonly filesTotalBytes: number;
  /** As `RTCPeerConnection` takes them; empty: browsers that reach each other directly. They may hold credentials. */
  readonly iceServers: readonly IceServer[];
}

/** How a fault calls an option; by default by its name. */
export type OptionNaming = (option: keyof DemoOptions) => string;

/**
 * Checks the options, reads the files they name and fills in the defaults.
 *
 * @throws {ConfigError} with every fault at once
 */
export function compileConfig(options: DemoOptions, nameOf: OptionNaming = (option) => option): DemoConfig {
  const { cluster = 'flotilla', redisUrl = 'redis://127.0.0.1:6379', redisPasswordFile, tokenKeysFile } = options;
  const { host = '127.0.0.1', port = 8080, trustedProxies = [], controlUrl = null } = options;
  const { fileBytes = 25_000_000, filesTotalBytes = 1_000_000_000 } = options;
  const filesDir = resolve(options.filesDir ?? join(tmpdir(), 'flotilla-demo-files'));
  const faults: string[] = [];
  const check = (option: keyof DemoOptions, isRight: boolean, must: string): void => {
    if (!isRight) faults.push(`${nameOf(option)} must be ${must}.`);
  };
  const read = <T>(option: keyof DemoOptions, parse: () => T): T | null => {
    try {
      return parse();
    } catch (error) {
      faults.push(`${nameOf(option)} ${reasonOf(error)}.`);
      return null;
    }
  };
  check('cluster', /^\S{1,64}$/u.test(cluster), 'a name of at most 64 characters without spaces');
  // The address itself is never shown: it may hold a password.
  check('redisUrl', /^rediss?(\+(cluster|sentinel))?:\/\/\S+$/u.test(redisUrl), 'an address such as redis://host:6379');
  check('host', /^[\w.:-]+$/u.test(host), 'a host name or an IP address');
  check('port', Number.isInteger(port) && port >= 0 && port <= 65_535, 'a whole number from 0 to 65535');
  check('trustedProxies', trustedProxies.every(isProxy), 'addresses, CIDR ranges, "loopback" or "private"');
  check('controlUrl', controlUrl === null || URL.canParse(controlUrl), 'a URL');
  check('fileBytes', isCount(fileBytes), 'a whole number above 0');
  check('filesTotalBytes', isCount(filesTotalBytes) && filesTotalBytes >= fileBytes, 'at least as large as one file');
  const redisPassword = read('redisPasswordFile', () => (redisPasswordFile ? text(redisPasswordFile).trim() : null));
  const cookieSecrets = read('tokenKeysFile', () => parseCookieSecrets(text(tokenKeysFile)));
  const iceServers = read('iceServers', () => parseIceServers(options.iceServers ?? []));
  if (faults.length > 0 || cookieSecrets === null || iceServers === null) throw new ConfigError(faults);
  return {
    ...{ cluster, redisUrl, redisPassword, tokenKeysFile, cookieSecrets, host, port, trustedProxies, controlUrl },
    ...{ filesDir, fileBytes, filesTotalBytes, iceServers },
  };
}

function isCount(number: number): boolean {
  return Number.isSafeInteger(number) && number > 0;
}

function text(path: string): string {
  if (path === '') throw new Error('is missing');
  return readFileSync(path, 'utf8');
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : `names a file that cannot be read (${code})`;
}
