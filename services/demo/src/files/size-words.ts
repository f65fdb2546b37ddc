// Shared with the page: nothing of Node's here.

/** A size as people read it: `3.2 MB`, `12 KB`, `1 B`. @param bytes - counted in thousands, as file managers and shops do */
export function sizeWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const [unit, name] = bytes < 1e6 ? [1e3, 'KB'] : [1e6, 'MB'];
  return `${Math.round((bytes / unit) * 10) / 10} ${name}`;
}
