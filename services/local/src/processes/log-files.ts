import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';

/** The log files of one run of the launcher, one a child; a child that is started again goes on in its own. */
export interface LogFiles {
  write(name: string, line: string): void;
  close(): Promise<void>;
}

/** Files `<name>.log` in a folder, begun anew with each run of the launcher. A disk that is full costs log lines, nothing else. */
export function createLogFiles(folder: string): LogFiles {
  const streams = new Map<string, WriteStream>();
  const open = (name: string): WriteStream => {
    const stream = createWriteStream(join(folder, `${name}.log`), { mode: 0o600 });
    stream.on('error', () => {});
    streams.set(name, stream);
    return stream;
  };
  return {
    write(name, line) {
      const stream = streams.get(name) ?? open(name);
      if (stream.writable) stream.write(`${line}\n`);
    },
    async close() {
      const endings = [...streams.values()].map((stream) => new Promise((resolve) => stream.end(resolve)));
      await Promise.all(endings);
    },
  };
}
