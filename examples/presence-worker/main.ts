// Reacts to who comes and goes. Start as many of it as you like: each event is handled by one of them, those of one client in
// order, and those that happened while none ran are handled when one does.
//
// FLOTILLA_REDIS_URL  default redis://127.0.0.1:6380, where `npm start` has it
// FLOTILLA_CLUSTER    default local
// GROUP               default greeters; every group has each event once
import { createFlotilla, type PresenceEvent } from '@flotilla-im/sdk';

const im = await createFlotilla({
  redis: process.env['FLOTILLA_REDIS_URL'] ?? 'redis://127.0.0.1:6380',
  cluster: process.env['FLOTILLA_CLUSTER'] ?? 'local',
  waitForStore: true,
});

/** What your business does then. An exception has the event tried again, and after five times put among the dead letters. */
async function react({ type, clientId, at }: PresenceEvent): Promise<void> {
  console.log(type, clientId);
  if (type !== 'online') return;
  // An event may come a second time when a worker dies in the midst of it: by its key the message is sent once all the same.
  await im.send({ from: null, to: clientId, data: { text: `Welcome, ${clientId}` }, key: `welcome ${clientId} ${at}` });
}

const listening = im.presence.on(react, {
  group: process.env['GROUP'] ?? 'greeters',
  onError: (error, { stage, attempt }) => console.error('failed', stage, attempt, error),
});
await listening.ready;
console.log('listening');

/** What is being handled is finished; the other workers take the rest at once. */
async function stop(): Promise<void> {
  await listening.close();
  await im.close();
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
