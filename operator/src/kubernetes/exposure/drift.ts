/**
 * Whether an object still says all that it is to say. What it says beyond that is others' business: defaults of the API
 * server, status, annotations of controllers. Lists are compared whole, entry by entry.
 */
export function says(actual: unknown, desired: unknown): boolean {
  if (Array.isArray(desired)) {
    if (!Array.isArray(actual) || actual.length !== desired.length) return false;
    return desired.every((entry, i) => says(actual[i], entry));
  }
  if (typeof desired === 'object' && desired !== null) {
    if (typeof actual !== 'object' || actual === null) return false;
    return Object.entries(desired).every(([key, value]) => says((actual as Record<string, unknown>)[key], value));
  }
  return actual === desired;
}

/** What an object says of what it is to say, as a text to be compared: empty places are null. */
export function saidOf(actual: unknown, desired: unknown): string {
  return JSON.stringify(project(actual, desired));
}

function project(actual: unknown, desired: unknown): unknown {
  // Of a list all entries count: one that somebody added would be seen here.
  if (Array.isArray(desired)) return actual ?? null;
  if (typeof desired !== 'object' || desired === null) return actual ?? null;
  const fields = (actual ?? {}) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(desired).map(([key, value]) => [key, project(fields[key], value)]));
}
