import { FlotillaError } from '@flotilla-im/protocol';
import { createFlotilla } from '../create-flotilla.ts';
import type { Flotilla } from '../flotilla.ts';
import type { FlotillaOptions } from '../options.ts';
import { FlotillaImClient } from './flotilla-im-client.ts';
import type { ImClient, ImOptions } from './im-client.ts';

/** FreeIM's `ImClient` over an instance made elsewhere; closing one closes the other. */
export function createImClient(flotilla: Flotilla, options: ImOptions = {}): ImClient {
  return new FlotillaImClient(flotilla, options);
}

/** FreeIM's `ImHelper`: an `ImClient` that is connected later. */
export interface ImHelper extends Omit<ImClient, 'flotilla'> {
  /** Connects; called again, it connects anew and closes the client before. What is called earlier throws `closed`. */
  initialization(options: FlotillaOptions & ImOptions): Promise<void>;
  /** The client. @throws `closed` before `initialization` */
  readonly instance: ImClient;
}

/**
 * FreeIM has one static `ImHelper` a process. Make one here and export it from a module of your own, or make several.
 */
export function createImHelper(): ImHelper {
  let client: ImClient | null = null;
  const instance = (): ImClient => {
    if (client === null) throw new FlotillaError('closed', 'call initialization before anything else');
    return client;
  };
  const initialization = async (options: FlotillaOptions & ImOptions): Promise<void> => {
    const { receiptTexts, typedReceipts, receiptTimeoutMs, onError, ...connection } = options;
    const next = createImClient(await createFlotilla(connection), {
      receiptTexts,
      typedReceipts,
      receiptTimeoutMs,
      onError,
    });
    const before = client;
    client = next;
    await before?.close();
  };
  return Object.freeze({
    ...forwarded(instance),
    initialization,
    get instance() {
      return instance();
    },
  }) as ImHelper;
}

const METHODS = [
  'prevConnectServer',
  'sendMessage',
  'sendBroadcastMessage',
  'getClientListByOnline',
  'hasOnline',
  'forceOffline',
  'eventBus',
  'onSend',
  'joinChan',
  'leaveChan',
  'getChanClientList',
  'getChanList',
  'getChanListByClientId',
  'getChanOnline',
  'clearChanClient',
  'sendChanMessage',
  'close',
] as const satisfies readonly (keyof ImClient)[];

type Method = (...args: readonly unknown[]) => unknown;

function forwarded(instance: () => ImClient): Record<string, Method> {
  const forward = (name: (typeof METHODS)[number]): Method => {
    return (...args) => {
      const client = instance();
      return (client[name] as Method).apply(client, args as unknown[]);
    };
  };
  return Object.fromEntries(METHODS.map((name) => [name, forward(name)]));
}
