import type { Flotilla } from '@flotilla-im/sdk';
import { HttpProblem } from '../http/problem.ts';
import { isWrittenData } from '../messages/past.ts';
import type { Looked, ReadData } from '../words.ts';

/** Who has looked at what. Flotilla knows what was delivered; that it was read is this business's to say. */
export interface Reads {
  /**
   * Tells who wrote a message that it and all before it were read, and the reader's other pages as well.
   *
   * @throws {HttpProblem} 404 no_message: the reader never got it, or the log has let it go
   */
  tell(reader: string, looked: Looked): Promise<void>;
}

/** Nobody can say it of what they never got: the message must stand in their inbox. */
export function createReads(flotilla: Pick<Flotilla, 'history' | 'send'>): Reads {
  const isInInbox = async (reader: string, { from, id, position }: Looked): Promise<boolean> => {
    const dot = position.lastIndexOf('.');
    const after = `${position.slice(0, dot)}.${Math.max(0, Number(position.slice(dot + 1)) - 1)}`;
    for await (const message of flotilla.history.inbox(reader, { after, limit: 1 })) {
      return message.messageId === id && message.from === from && isWrittenData(message.data);
    }
    return false;
  };
  return {
    async tell(reader, looked) {
      const { from: to, id: messageId } = looked;
      if (to === reader || !(await isInInbox(reader, looked))) {
        throw new HttpProblem(404, 'no_message', 'There is no such message.');
      }
      const data: ReadData = { kind: 'read', to, messageId };
      // Several pages of the reader may say it: the key makes one of them.
      await flotilla.send({ from: reader, to: [to, reader], data, key: `read ${messageId}` });
    },
  };
}
