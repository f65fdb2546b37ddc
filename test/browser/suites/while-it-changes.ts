import { describe, expect, test } from '@jest/globals';
import { homeTable, slotOf } from '@flotilla-im/protocol';
import { bothAdvance, callOf, connected, keepPeers, sentence } from '../call-pages.ts';
import { keepSendingFiles } from '../keep-sending-files.ts';
import { keepTalking } from '../keep-talking.ts';
import type { ClusterStage } from '../stage.ts';

/** What goes on in browsers while shards come and go. */
export const changesSuite = (stage: ClusterStage): void => {
  describe('while the cluster changes', () => {
    test('words and files arrive once and in order, and a call rings and goes on, while it scales 3, 5, 2 and shards are killed and restarted', async () => {
      const { cluster } = stage;
      const [alice, bob, jana, karl, cleo, dan] = await stage.enter('Alice', 'Bob 😀', 'Jana', 'Karl', 'Cleo', 'Dan');
      for (const { context } of [cleo, dan]) await keepPeers(context);
      const [cleos, dans] = [await cleo.open('@Dan'), await dan.open('@Cleo')];
      const sending = await keepSendingFiles(jana, karl);
      const talking = await keepTalking(alice, bob);

      // It rings at a page that changes its shard, and is answered by it.
      const scaling = cluster.control('scale', 5);
      await cleos.locator('#dial-video').click();
      await callOf(dans, 'ringing').waitFor();
      await dans.getByTestId('call-accept').click();
      await connected(cleos, dans);
      await scaling;
      await bothAdvance(cleos, dans);
      await cluster.control('kill', 1);
      await cluster.control('scale', 2);
      await bothAdvance(cleos, dans);
      await cluster.control('restart', 1);

      const [words, files] = [await talking.stop(), await sending.stop()];
      expect(Math.min(...Object.values(words.counts))).toBeGreaterThan(50);
      expect(files.count).toBeGreaterThan(3);
      await words.allArrived();
      await files.allArrived();

      const shardOfDan = homeTable(2)[slotOf('Dan')] ?? 0;
      await cluster.control('kill', shardOfDan);
      await bothAdvance(cleos, dans);
      // The shard that was killed is back, or its slots are lent: either way what is said arrives.
      await cleos.getByTestId('call-hang-up').click();
      await sentence(dans, 'Cleo hung up.').waitFor({ timeout: 45_000 });
      expect(await sentence(cleos, 'You hung up.').count()).toBe(1);

      // While it rings as well: it rings on, and that it was given up arrives.
      await dans.getByTestId('call-close').click();
      await cleos.locator('#dial-audio').click();
      await callOf(dans, 'ringing').waitFor();
      await cluster.control('kill', shardOfDan);
      await callOf(dans, 'ringing').waitFor();
      await cleos.getByTestId('call-hang-up').click();
      await sentence(dans, 'You missed a call of Cleo.').waitFor({ timeout: 45_000 });
    }, 300_000);
  });
};
