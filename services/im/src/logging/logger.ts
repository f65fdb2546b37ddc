import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogLevel } from '../config/options.ts';

/**
 * The log of one shard: lines of JSON, constant messages, everything variable in fields. Fields that mean the same have
 * the same name everywhere: clientId, shard, slot, epoch, offset, connection, code, address. No token, no query string
 * and no message's data is ever logged.
 *
 * @param destination - stdout when missing
 */
export function createLogger(cluster: string, shard: number, level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { cluster, shard },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
