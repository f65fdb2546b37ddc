import { expect, jest, test } from '@jest/globals';
import { onWake } from './wake.ts';

function setup(): {
  page: EventTarget;
  document: EventTarget & { visibilityState: string };
  wake: jest.Mock<() => void>;
  stop: () => void;
} {
  const page = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: 'hidden' });
  const wake = jest.fn<() => void>();
  const surroundings = {
    document,
    addEventListener: page.addEventListener.bind(page),
    removeEventListener: page.removeEventListener.bind(page),
  };
  return { page, document, wake, stop: onWake(wake, surroundings) };
}

test('the network coming back and the page being looked at wake, being hidden does not', () => {
  const { page, document, wake } = setup();
  document.dispatchEvent(new Event('visibilitychange'));
  expect(wake).not.toHaveBeenCalled();
  document.visibilityState = 'visible';
  document.dispatchEvent(new Event('visibilitychange'));
  page.dispatchEvent(new Event('online'));
  expect(wake).toHaveBeenCalledTimes(2);
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
  expect(() => onWake(() => undefined, {})()).not.toThrow();
});
