/** A colour of the style sheet by its name without dashes, as it is now: light, dark or for paper. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** A length of the style sheet, CSS pixels. */
export function lengthOf(name: string): number {
  return Number.parseFloat(colour(name));
}

/** Calls `redraw` whenever colours change: by the system's choice, and before and after the page is printed. */
export function watchColours(redraw: () => void): void {
  const root = document.documentElement;
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  for (const [event, isOnPaper] of [
    ['beforeprint', true],
    ['afterprint', false],
  ] as const) {
    addEventListener(event, () => {
      root.classList.toggle('on-paper', isOnPaper);
      redraw();
    });
  }
}
