import { createServer, type AddressInfo, type Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import type { Reply } from './command.ts';
import { RedisServer } from './server.ts';

/** A Redis in memory that real clients reach: how it is held against the real one. */
export interface ListeningRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/** Listens at a free port, and speaks RESP 2. */
export async function listenRedis(): Promise<ListeningRedis> {
  const subscribers = new Map<string, Set<Socket>>();
  const server = new RedisServer({
    wallMs: () => performance.timeOrigin + performance.now(),
    publish(channel, text) {
      const sockets = subscribers.get(channel) ?? new Set();
      for (const socket of sockets) socket.write(written(['message', channel, text]), 'latin1');
      return sockets.size;
    },
    newReplicationId: () => randomBytes(20).toString('hex'),
  });
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      for (const of of subscribers.values()) of.delete(socket);
    });
    socket.on('error', () => socket.destroy());
    const read = createReader();
    socket.on('data', (bytes) => {
      const answers = read(bytes.toString('latin1')).map((words) => answer(server, subscribers, socket, words));
      socket.write(answers.join(''), 'latin1');
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    url: `redis://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

function answer(
  server: RedisServer,
  subscribers: Map<string, Set<Socket>>,
  socket: Socket,
  [name = '', ...args]: readonly string[],
): string {
  const command = name.toUpperCase();
  if (command === 'SUBSCRIBE' || command === 'UNSUBSCRIBE') {
    const answers = args.map((channel) => {
      const known = subscribers.get(channel) ?? new Set<Socket>();
      subscribers.set(channel, known);
      if (command === 'SUBSCRIBE') known.add(socket);
      else known.delete(socket);
      return written([command.toLowerCase(), channel, 1]);
    });
    return answers.join('');
  }
  try {
    return written(server.execute(command, args));
  } catch (error) {
    return `-${(error as Error).message.replaceAll('\n', ' ')}\r\n`;
  }
}

function written(reply: Reply): string {
  if (reply === null) return '$-1\r\n';
  if (typeof reply === 'number') return `:${reply}\r\n`;
  if (typeof reply === 'string') return `$${reply.length}\r\n${reply}\r\n`;
  return `*${reply.length}\r\n${reply.map(written).join('')}`;
}

/** Takes whole commands out of a stream of bytes: lists of bulk strings. */
function createReader(): (text: string) => string[][] {
  let rest = '';
  return (text) => {
    rest += text;
    const commands: string[][] = [];
    for (let taken = commandIn(rest); taken !== null; taken = commandIn(rest)) {
      commands.push(taken.words);
      rest = rest.slice(taken.end);
    }
    return commands;
  };
}

function commandIn(text: string): { readonly words: string[]; readonly end: number } | null {
  let at = text.indexOf('\r\n') + 2;
  if (at < 2) return null;
  const words: string[] = [];
  for (let left = Number(text.slice(1, at - 2)); left > 0; left--) {
    const end = text.indexOf('\r\n', at);
    if (end < 0) return null;
    const length = Number(text.slice(at + 1, end));
    if (text.length < end + 4 + length) return null;
    words.push(text.slice(end + 2, end + 2 + length));
    at = end + 4 + length;
  }
  return { words, end: at };
}
