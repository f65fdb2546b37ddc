/** The sum over all labels of one metric in Prometheus's text format; 0 where it is not told. */
export function sumOf(metric: string, text: string): number {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${metric} `) || line.startsWith(`${metric}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
