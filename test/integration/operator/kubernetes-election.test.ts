import { afterEach, describe, expect, test } from '@jest/globals';
import { createKubernetesScene, type KubernetesScene, PATHS, patiently } from './kubernetes-scene.ts';
import type { OperatorProcess } from './operator-process.ts';

const open: KubernetesScene[] = [];
afterEach(async () => {
  for (const scene of open.splice(0)) await scene.close();
});

interface Pair extends KubernetesScene {
  readonly leader: OperatorProcess;
  readonly standby: OperatorProcess;
  readonly leads: (operator: OperatorProcess) => Promise<void>;
}

/** Two shards, an operator that leads, and one that stands by. */
async function setup(): Promise<Pair> {
  const scene = await createKubernetesScene();
  open.push(scene);
  scene.scale(2);
  const leads = (operator: OperatorProcess): Promise<void> =>
    patiently(async () => expect((await operator.get('/metrics')).text).toMatch(/^flotilla_operator_leader 1$/mu));
  const leader = scene.start('operator-0');
  await leads(leader);
  await scene.untilUp(2);
  const standby = scene.start('operator-1');
  await patiently(async () => expect((await standby.get('/readyz')).status).toBe(200));
  return { ...scene, leader, standby, leads };
}

describe('two operators', () => {
  test('one leads, the other is ready and changes nothing', async () => {
    const { standby, scale, untilUp } = await setup();
    scale(3);
    await untilUp(3);
    expect((await standby.get('/metrics')).text).toMatch(/^flotilla_operator_leader 0$/mu);
  });

  test('a leader that is told to stop gives its Lease back, and the other goes on', async () => {
    const { api, leader, standby, leads, scale, untilUp } = await setup();
    leader.signal('SIGTERM');
    expect(await leader.ended).toBe(0);
    expect(api.table.get(PATHS.leases, 'im-operator')?.['spec']).not.toMatchObject({ holderIdentity: 'operator-0' });
    await leads(standby);
    scale(3);
    await untilUp(3);
    expect(api.table.get(PATHS.leases, 'im-operator')?.['spec']).toMatchObject({
      holderIdentity: 'operator-1',
      leaseTransitions: 1,
    });
  });

  test('a leader that was stopped without a word is replaced, and ends when it wakes', async () => {
    const { leader, standby, leads, scale, untilUp, map } = await setup();
    leader.signal('SIGSTOP');
    await leads(standby);
    scale(3);
    const epoch = await untilUp(3);
    leader.signal('SIGCONT');
    expect(await leader.ended).toBe(4);
    expect(map().epoch).toBe(epoch);
  });
});
