/*
 * A generation is 12 hexadecimal digits: six of the replication id of the Redis master that gave out the offsets, which
 * changes on restart and on promotion, and six of the log's birth, which differ when a log begins anew on the same master
 * (FLUSHALL, or metadata that expired). `lua/append.lua` makes them; a log keeps its birth in the generation it has.
 */

/** Hexadecimal digits of the master, in front of those of the birth. */
export const MASTER_DIGITS = 6;

/**
 * The generation of a log that was born at a time.
 *
 * @param master - six hexadecimal digits
 * @param bornMs - milliseconds since 1970; two births on one master differ for sure when less than 1,000 s lie between them
 */
export function createGeneration(master: string, bornMs: number): string {
  return master + ((Math.trunc(bornMs) % 1_000_000) * 10).toString(16).padStart(6, '0');
}

/**
 * The life of a partition that began at a time: 12 hexadecimal digits, as `lua/include-life.lua` makes it. A log's start has it
 * for its generation, so that it can be told from the start of a log that began anew with all else (FLUSHALL).
 *
 * @param bornMs - milliseconds since 1970
 */
export function createLife(bornMs: number): string {
  const seconds = Math.trunc(bornMs / 1_000) % 2 ** 24;
  const micros = Math.trunc((bornMs % 1_000) * 1_000);
  return seconds.toString(16).padStart(6, '0') + micros.toString(16).padStart(6, '0');
}

/** What all generations of one master's life have in common, whatever log they are of. */
export function masterOf(generation: string): string {
  return generation.slice(0, MASTER_DIGITS);
}
