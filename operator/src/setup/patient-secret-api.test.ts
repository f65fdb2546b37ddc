import { expect, it } from '@jest/globals';
import { createPatientSecretApi } from './patient-secret-api.ts';
import { ApiFailure, type SecretApi } from './secret-api.ts';

/** An API that fails so often, and the pauses that were made. */
function setup(failures: readonly ApiFailure[], patienceMs = 60_000) {
  const left = [...failures];
  const pauses: number[] = [];
  let nowMs = 0;
  const answer = <T>(value: T): Promise<T> => {
    const failure = left.shift();
    return failure === undefined ? Promise.resolve(value) : Promise.reject(failure);
  };
  const api: SecretApi = { read: () => answer(null), create: () => answer(true), remove: () => answer(undefined) };
  const patient = createPatientSecretApi(api, {
    nowMs: () => nowMs,
    sleep(ms) {
      pauses.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
    chance: () => 1,
    patienceMs,
    onRetry: () => undefined,
  });
  return { patient, pauses };
}

const busy = (retryAfterMs: number | null = null): ApiFailure => new ApiFailure('busy', true, retryAfterMs);

it('what may succeed later is tried again, with growing pauses', async () => {
  const { patient, pauses } = setup([busy(), busy(), busy()]);
  await expect(patient.read('a')).resolves.toBeNull();
  expect(pauses).toEqual([200, 400, 800]);
});

it('a server that asks to wait is waited for', async () => {
  const { patient, pauses } = setup([busy(3_000)]);
  await patient.create({ name: 'a', labels: {}, data: {} });
  expect(pauses).toEqual([3_000]);
});

it('what cannot succeed later is told at once', async () => {
  const { patient, pauses } = setup([new ApiFailure('no', false)]);
  await expect(patient.read('a')).rejects.toThrow('no');
  expect(pauses).toEqual([]);
});

it('patience ends', async () => {
  const { patient, pauses } = setup(
    Array.from({ length: 100 }, () => busy()),
    10_000,
  );
  await expect(patient.read('a')).rejects.toThrow('busy');
  expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(10_000);
});
