// Loaded before a program's own entry (`node --import`): its wall clock goes beside the true one by as many milliseconds as a
// file says, and follows each change of that file. What counts time without a date, `performance.now` or a timer, does not.
import { readFileSync, watch } from 'node:fs';
import { CLOCK_VARIABLE } from './clock-file.ts';

const TrueDate = Date;
const trueNow = Date.now.bind(Date);
let shiftMs = 0;

function follow(path: string): void {
  const read = (): void => {
    const text = readFileSync(path, 'utf8');
    // A file that is being written has no line end yet.
    if (text.endsWith('\n')) shiftMs = Number(text);
  };
  read();
  watch(path, { persistent: false }, read);
}

function shiftDate(): void {
  Date.now = () => trueNow() + shiftMs;
  globalThis.Date = new Proxy(TrueDate, {
    apply: () => new TrueDate(trueNow() + shiftMs).toString(),
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [trueNow() + shiftMs] : args, newTarget) as Date,
  });
}

const path = process.env[CLOCK_VARIABLE];
if (path !== undefined) {
  follow(path);
  shiftDate();
}
