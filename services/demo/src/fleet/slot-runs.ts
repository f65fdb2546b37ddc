/** Writes a table as runs of equal values: `[value, count, value, count, …]`. */
export function runsOf(table: readonly number[]): number[] {
  const runs: number[] = [];
  let start = 0;
  for (let i = 1; i <= table.length; i += 1) {
    const value = table[start] ?? 0;
    if (i < table.length && table[i] === value) continue;
    runs.push(value, i - start);
    start = i;
  }
  return runs;
}

/** The table that runs stand for. */
export function expandRuns(runs: readonly number[]): number[] {
  const table: number[] = [];
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const value = runs[i] ?? 0;
    for (let count = runs[i + 1] ?? 0; count > 0; count -= 1) table.push(value);
  }
  return table;
}
