import { expect, jest, test } from '@jest/globals';
import { onWake } from './wake.ts';

function setup(): {
  page: EventTarget;
  document: EventTarget & { visibilityState: string };
  wake: jest.Mock<() => void>;
  rest: jest.Mock<() => void>;
  stop: () => void;
} {
  const page = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: 'hidden' });
  const wake = jest.fn<() => void>();
  const rest = jest.fn<() => void>();
  const surroundings = {
    document,
    addEventListener: page.addEventListener.bind(page),
    removeEventListener: page.removeEventListener.bind(page),
  };
  return { page, document, wake, rest, stop: onWake({ wake, rest }, surroundings) };
}

test('the network coming back and the page being looked at wake, being hidden lets it rest', () => {
  const { page, document, wake, rest } = setup();
  document.dispatchEvent(new Event('visibilitychange'));
  expect(wake).not.toHaveBeenCalled();
  expect(rest).toHaveBeenCalledTimes(1);
  document.visibilityState = 'visible';
  document.dispatchEvent(new Event('visibilitychange'));
  page.dispatchEvent(new Event('online'));
  expect(wake).toHaveBeenCalledTimes(2);
  expect(rest).toHaveBeenCalledTimes(1);
});

test('nothing wakes once it is stopped', () => {
  const { page, document, wake, stop } = setup();
  stop();
  document.visibilityState = 'visible';
  document.dispatchEvent(new Event('visibilitychange'));
  page.dispatchEvent(new Event('online'));
  expect(wake).not.toHaveBeenCalled();
});

test('a platform without any of that is left alone', () => {
  expect(() => onWake({ wake: () => undefined, rest: () => undefined }, {})()).not.toThrow();
});
