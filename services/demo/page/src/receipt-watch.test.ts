import { expect, it } from '@jest/globals';
import { ReceiptWatch } from './receipt-watch.ts';

/** A person to whom something is due until `answers` questions were answered. */
function setup({ answers, failures = 0 }: { answers: number; failures?: number }) {
  const asked: string[] = [];
  const due = { left: answers, failures };
  const settled = Promise.withResolvers<undefined>();
  const watch = new ReceiptWatch({
    ask: (person) => {
      asked.push(person);
      due.failures -= 1;
      return due.failures >= 0 ? Promise.reject(new Error('away')) : Promise.resolve([]);
    },
    isDue: () => {
      if (due.left === 0) settled.resolve(undefined);
      return due.left > 0;
    },
    tell: () => {
      due.left -= 1;
    },
    wait: () => Promise.resolve(),
  });
  return { watch, asked, settled: settled.promise };
}

it('asks until nothing is due any more, one question at a time', async () => {
  const { watch, asked, settled } = setup({ answers: 2 });
  watch.check('Bob');
  watch.check('Bob', true);
  await settled;
  expect(asked).toEqual(['Bob', 'Bob']);
});

it('asks again after a failure', async () => {
  const { watch, asked, settled } = setup({ answers: 1, failures: 2 });
  watch.check('Bob', true);
  await settled;
  expect(asked).toHaveLength(3);
});

it('asks nothing where the connection told it in time', async () => {
  const { watch, asked, settled } = setup({ answers: 0 });
  watch.check('Bob');
  await settled;
  expect(asked).toEqual([]);
});
