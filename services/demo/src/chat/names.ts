/** The longest name of a person or a channel, in characters. */
const NAME_LIMIT = 40;
const CONTROL = /\p{C}/u;

/** Whether the business allows this as a person's or a channel's name: 1 to 40 visible characters, no space at its ends. */
export function isName(value: unknown): value is string {
  if (typeof value !== 'string' || value !== value.trim() || value.startsWith('$')) return false;
  const length = Array.from(value).length;
  return (
    length > 0 &&
    length <= NAME_LIMIT &&
    !CONTROL.test(value) &&
    value.isWellFormed() &&
    Buffer.byteLength(value) <= 128
  );
}
