import { type CloseReason, parseCloseReason } from '@flotilla-im/protocol';

/** With this code the reason is the business's own text, whatever it looks like. */
const BY_THE_BUSINESS = 4500;

/** Why a connection ended, for the application: the pod's code, the business's words, or `closed_<code>` without either. */
export function readClose(code: number, text: string): CloseReason {
  if (code === BY_THE_BUSINESS) return { reason: text };
  const read = parseCloseReason(text);
  return read.reason === '' ? { ...read, reason: `closed_${code}` } : read;
}
