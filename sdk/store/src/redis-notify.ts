import { encodeCanary, encodeMany, parseNotify } from './notify-codec.ts';
import type { Notify, NotifyBus } from './notify.ts';
import type { RedisConnection } from './redis/connection.ts';
import { type Listener, SubscriptionHub } from './redis/subscription-hub.ts';

/** The bus of one store, and its end. */
export interface RedisNotifyBus extends NotifyBus {
  close(): void;
}

function readNotify(text: string): Notify | null | 'damaged' {
  try {
    return parseNotify(text);
  } catch {
    return 'damaged';
  }
}

/** Publish and subscribe through Redis. However many subscriptions there are, they share one connection. */
export function createRedisNotifyBus(connection: RedisConnection): RedisNotifyBus {
  const { shardChannelPrefix, hintChannelPrefix } = connection.keys;
  const hub = new SubscriptionHub(connection);
  const publish = async (channel: string, text: string): Promise<void> => {
    await connection.command('PUBLISH', channel, text);
  };
  return {
    async subscribe(shard, handlers) {
      const channel = shardChannelPrefix + String(shard);
      const listener: Listener = (text) => {
        const notify = readNotify(text);
        if (notify === 'damaged') handlers.unreadable?.();
        else if (notify !== null) handlers.notify(notify);
      };
      await hub.listen(channel, listener);
      const unwatch = hub.watch({ connected: () => handlers.connected(), disconnected: () => handlers.disconnected() });
      return {
        close: () => {
          unwatch();
          return hub.leave(channel, listener);
        },
      };
    },
    async publishMany(shard, items) {
      await Promise.all(encodeMany(items).map((text) => publish(shardChannelPrefix + String(shard), text)));
    },
    publishCanary: (shard, id) => publish(shardChannelPrefix + String(shard), encodeCanary(id)),
    publishHint: (topic, text) => publish(hintChannelPrefix + topic, text),
    async subscribeHint(topic, handler) {
      const channel = hintChannelPrefix + topic;
      const listener: Listener = (text) => handler(text);
      await hub.listen(channel, listener);
      return { close: () => hub.leave(channel, listener) };
    },
    close: () => hub.close(),
  };
}
