// The rows are those of the table in src/freeim/index.ts.
import { describe, expect, test } from '@jest/globals';
import type { ImSendEventArgs } from '../src/freeim/index.ts';
import { eventually } from './setup.ts';
import { setupIm } from './setup-im.ts';

describe('row 2: calls', () => {
  test('are promises that reject with a code', async () => {
    const { im } = await setupIm();
    await expect(im.sendMessage(1, null as never, 'x')).rejects.toMatchObject({ code: 'bad_client_id' });
    expect((await im.sendMessage(1, [2], 'x')).outcomes).toMatchObject([{ clientId: '2', outcome: 'appended' }]);
  });
});

describe('row 4: a message', () => {
  test('waits for somebody offline, and arrives as exactly its JSON', async () => {
    const { im, inbox } = await setupIm();
    await im.sendMessage(1, [2], { type: 'chanmsg', n: 1 });
    await im.sendMessage(1, [2], 'a text');
    expect(await inbox('2')).toEqual([{ type: 'chanmsg', n: 1 }, 'a text']);
  });

  test('is kept nowhere with live: true', async () => {
    const { im, inbox } = await setupIm();
    await im.sendMessage(1, [2], 'x', false, { live: true });
    expect(await inbox('2')).toEqual([]);
  });

  test('to nobody is nothing', async () => {
    const { im } = await setupIm();
    expect((await im.sendMessage(1, [], 'x', true)).outcomes).toEqual([]);
  });
});

describe('row 5: a receipt', () => {
  test('says sent when the receiver has confirmed, not online when nobody is connected', async () => {
    const { im, shard, inbox } = await setupIm();
    await shard.connect('2');
    const sent = await im.sendMessage(1, [2, 3], { n: 1 }, true);
    const content = '{"n":1}';
    await eventually(async () => expect(await inbox('1')).toEqual([{ content, receipt: '用户不在线' }]));
    await shard.confirm('2', sent.outcomes[0]?.position ?? null);
    await eventually(async () =>
      expect(await inbox('1')).toEqual([
        { content, receipt: '用户不在线' },
        { content, receipt: '发送成功' },
      ]),
    );
  });

  test('says not online when a connected receiver does not confirm in time', async () => {
    const { im, shard, inbox } = await setupIm({ receiptTimeoutMs: 50 });
    await shard.connect('2');
    await im.sendMessage(1, [2], 'x', true);
    await eventually(async () => expect(await inbox('1')).toEqual([{ content: '"x"', receipt: '用户不在线' }]));
  });

  test('can name the receiver and the message, and use other words', async () => {
    const { im, inbox } = await setupIm({ typedReceipts: true, receiptTexts: { sent: 'sent', offline: 'away' } });
    const { messageId } = await im.sendMessage(1, [2], 'x', true);
    await eventually(async () =>
      expect(await inbox('1')).toEqual([
        { content: '"x"', receipt: 'away', clientId: '2', messageId, state: 'offline' },
      ]),
    );
  });

  test('of a live message says whether anybody was connected', async () => {
    const { im, shard, inbox } = await setupIm();
    await shard.connect('2');
    await im.sendMessage(1, [2, 3], 'x', true, { live: true });
    await eventually(async () =>
      expect(await inbox('1')).toEqual([
        { content: '"x"', receipt: '发送成功' },
        { content: '"x"', receipt: '用户不在线' },
      ]),
    );
  });

  test('is not made for the system, for the sender itself, or when none is asked for', async () => {
    const { im, shard, inbox } = await setupIm({ receiptTimeoutMs: 30 });
    await shard.connect('1');
    await shard.connect('1');
    await im.sendMessage(0, [2], 'x', true);
    await im.sendMessage(1, [2], 'y', false);
    await im.sendMessage(1, [1], 'z', true);
    await new Promise((resolve) => setTimeout(resolve, 60));
    await im.sendMessage(1, [3], 'asked for', true);
    await eventually(async () =>
      expect(await inbox('1')).toEqual(['z', { content: '"asked for"', receipt: '用户不在线' }]),
    );
  });
});

describe('row 6: receivers', () => {
  test('are at most 1,000 a call', async () => {
    const { im } = await setupIm();
    const many = Array.from({ length: 1_001 }, (_, i) => i + 1);
    await expect(im.sendMessage(0, many, 'x')).rejects.toMatchObject({ code: 'too_many_receivers' });
  });
});

describe('row 13: a channel message', () => {
  test('without a channel is refused; sendBroadcastMessage reaches everybody', async () => {
    const { im } = await setupIm();
    for (const chan of ['', null as never]) {
      await expect(im.sendChanMessage(0, chan, 'x')).rejects.toMatchObject({ code: 'bad_channel' });
    }
    expect(await im.sendBroadcastMessage('x')).toMatchObject({ channel: '$broadcast', outcome: 'appended' });
  });
});

describe('row 14: onSend', () => {
  test('is called once per shard, once for a channel, and can abort', async () => {
    const { im } = await setupIm();
    const seen: ImSendEventArgs[] = [];
    const remove = im.onSend((args) => void seen.push(args));
    await im.sendMessage(
      0,
      Array.from({ length: 20 }, (_, i) => i + 1),
      'x',
      true,
    );
    await im.sendChanMessage(7, 'news', 'y');
    await im.sendBroadcastMessage('z');
    expect(
      seen
        .slice(0, 2)
        .map(({ server }) => server)
        .sort(),
    ).toEqual([0, 1]);
    expect(seen[0]).toMatchObject({ senderClientId: null, chan: null, message: 'x', receipt: true });
    expect(seen.slice(2)).toMatchObject([
      { senderClientId: '7', chan: 'news', server: null, message: 'y' },
      { senderClientId: null, chan: null, server: null, message: 'z' },
    ]);
    remove();
    im.onSend(() => {
      throw new Error('no');
    });
    await expect(im.sendMessage(0, [1], 'x')).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('row 16: data', () => {
  test('without a JSON form, or too large, is refused', async () => {
    const { im } = await setupIm();
    await expect(im.sendMessage(0, [1], undefined)).rejects.toMatchObject({ code: 'bad_data' });
    await expect(im.sendMessage(0, [1], 'x'.repeat(70_000))).rejects.toMatchObject({ code: 'data_too_large' });
  });
});

describe('the same as there', () => {
  test('a sender among the receivers gets its own message only with two connections or more', async () => {
    const { im, shard, inbox } = await setupIm();
    await im.sendMessage(1, [1, 2], 'none');
    await shard.connect('1');
    await im.sendMessage(1, [1, 2], 'one');
    await shard.connect('1');
    await im.sendMessage(1, [1, 2], 'two');
    expect(await inbox('1')).toEqual(['two']);
    expect(await inbox('2')).toEqual(['none', 'one', 'two']);
  });

  test('so does a sender to a channel', async () => {
    const { im, shard, store } = await setupIm();
    await shard.connect('1');
    await im.sendChanMessage(1, 'news', 'one');
    await im.sendChanMessage(0, 'news', 'system');
    await shard.connect('1');
    await im.sendChanMessage(1, 'news', 'two');
    const { entries } = await store.logs.read({ kind: 'channel', id: 'news' }, null);
    expect(entries.map(({ excludeSender }) => excludeSender)).toEqual([true, false, false]);
  });
});
