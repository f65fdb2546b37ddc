import { createHash } from 'node:crypto';
import type { KubeConfig } from '@kubernetes/client-node';

type Make = (...args: Parameters<KubeConfig['createDispatcherOptions']>) => Closable | undefined;
interface Closable {
  close(): Promise<void>;
}

/** Gives each configuration the connections of the one before it, as long as they are made in the same way. */
export type ShareDispatcher = (config: KubeConfig) => void;

/**
 * The client opens new connections for each call unless it is given a dispatcher; this one keeps them. Calls stay on
 * HTTP/1.1: a call that is given up closes its connection, so after a time without a network the next one dials anew
 * instead of waiting in a dead HTTP/2 session. A rotated CA or certificate makes a new dispatcher.
 */
export function createSharedDispatcher(): ShareDispatcher {
  let current: { readonly key: string; readonly dispatcher: Closable | undefined } | null = null;
  return (config) => {
    // The method is private to the client's types, and the only place where the connections of its calls come from.
    const make = (config as unknown as { readonly createDispatcher: Make }).createDispatcher.bind(config);
    const optionsOf = config.createDispatcherOptions.bind(config);
    const shared: Make = (cluster, options) => {
      const key = keyOf(optionsOf(cluster, options));
      if (current?.key !== key) {
        void current?.dispatcher?.close().catch(() => {});
        current = { key, dispatcher: make(cluster, options) };
      }
      return current.dispatcher;
    };
    Object.assign(config, {
      createDispatcher: shared,
      createDispatcherOptions: (...args: Parameters<KubeConfig['createDispatcherOptions']>) => {
        const options = optionsOf(...args);
        if (options.type !== 'agent') return options;
        return { ...options, connect: { ...options.connect, allowH2: false, timeout: 5_000 } };
      },
    });
  };
}

function keyOf(options: ReturnType<KubeConfig['createDispatcherOptions']>): string {
  return createHash('sha256').update(JSON.stringify(options)).digest('base64');
}
