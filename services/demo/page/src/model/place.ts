/** Where a message stands in its log. */
export interface Place {
  /** `generation.offset`. */
  readonly position: string;
  /** Milliseconds since 1970 by the store's clock. */
  readonly at: number;
}

/** Below 0 when `a` comes first. Offsets count within a generation; between generations only the clock can tell. */
export function comparePlaces(a: Place, b: Place): number {
  const [generationA, offsetA] = parts(a.position);
  const [generationB, offsetB] = parts(b.position);
  return generationA === generationB ? offsetA - offsetB : a.at - b.at;
}

function parts(position: string): [generation: string, offset: number] {
  const dot = position.lastIndexOf('.');
  return [position.slice(0, dot), Number(position.slice(dot + 1))];
}
