// Shared with the page, which says so before it uploads anything: nothing of Node's here.

/** Why a file of this size is not accepted, in a sentence; null: it is. */
export function sizeRefusal(bytes: number, limitBytes: number): string | null {
  if (bytes === 0) return 'This file is empty.';
  return bytes > limitBytes ? `This file is too large: ${Math.floor(limitBytes / 1e5) / 10} MB is the most.` : null;
}
