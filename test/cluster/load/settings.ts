/** What the load is told by its environment. */
export interface LoadSettings {
  readonly port: number;
  /** Password null: none is wanted. */
  readonly redis: { readonly url: string; readonly password: string | null; readonly cluster: string };
  readonly tokenKeysFile: string;
  readonly clients: { readonly v1: number; readonly plain: number; readonly socketIo: number };
  readonly channels: number;
  readonly inboxPerSecond: number;
  readonly channelPerSecond: number;
  /** Connections opened a second at the start. */
  readonly connectPerSecond: number;
}

/** Reads the settings. @param read the text of a file @throws Error naming what is missing or no number */
export function parseSettings(env: NodeJS.ProcessEnv, read: (path: string) => string): LoadSettings {
  const text = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === '') throw new Error(`${name} is missing`);
    return value;
  };
  const count = (name: string): number => {
    const value = Number(text(name));
    if (!Number.isInteger(value) || value < 0) throw new Error(`${name} must be a whole number`);
    return value;
  };
  const passwordFile = env['FLOTILLA_REDIS_PASSWORD_FILE'];
  return {
    port: count('LOAD_PORT'),
    redis: {
      url: text('FLOTILLA_REDIS_URL'),
      password: passwordFile === undefined ? null : read(passwordFile).trim(),
      cluster: text('FLOTILLA_CLUSTER'),
    },
    tokenKeysFile: text('FLOTILLA_TOKEN_KEYS_FILE'),
    clients: { v1: count('LOAD_V1'), plain: count('LOAD_PLAIN'), socketIo: count('LOAD_SOCKET_IO') },
    channels: count('LOAD_CHANNELS'),
    inboxPerSecond: count('LOAD_INBOX_PER_SECOND'),
    channelPerSecond: count('LOAD_CHANNEL_PER_SECOND'),
    connectPerSecond: count('LOAD_CONNECT_PER_SECOND'),
  };
}
