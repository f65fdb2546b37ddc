import type { ImHelper } from '@flotilla-im/sdk/freeim';

/** The way in: whoever has no id yet gets one there. */
export const PRE_CONNECT = 'POST /ws/pre-connect';

/** One endpoint. `me` is whose browser asks, and no other id that the form may claim; its result joins `code` in the answer. */
export type Endpoint = (form: (field: string) => string, me: string, ip: unknown) => Promise<object>;

const done = async (work: Promise<unknown>): Promise<object> => {
  await work;
  return {};
};

/** What was the sample's controller, by its routes. */
export function createEndpoints(helper: ImHelper): Readonly<Record<string, Endpoint>> {
  return {
    [PRE_CONNECT]: async (_, me, ip) => ({ server: await helper.prevConnectServer(me, ip), websocketId: Number(me) }),
    'GET /ws/offline': (_, me) => done(helper.forceOffline(me)),
    'POST /ws/get-channels': async () => ({ channels: await helper.getChanList() }),
    'POST /ws/subscr-channel': (form, me) => done(helper.joinChan(me, form('channel'))),
    // By the system, as there: whoever says something sees it come back.
    'POST /ws/send-channelmsg': (form) => done(helper.sendChanMessage(0, form('channel'), form('message'))),
    'POST /ws/send-broadcast': (form) => done(helper.sendBroadcastMessage(form('message'))),
    'POST /ws/send-msg': (form, me) => {
      const isReceipt = form('isReceipt').toLowerCase() === 'true';
      return done(helper.sendMessage(me, [form('receiveWebsocketId')], form('message'), isReceipt));
    },
  };
}
