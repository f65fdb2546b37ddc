import { containerOf, type Rendered, type Variable } from './render.ts';

/** The variables of an object's first container. */
export function variablesOf(object: Rendered): readonly Variable[] {
  return containerOf(object).env ?? [];
}

/** The same as a process would see them; what comes from elsewhere is taken from `from`, else left out. */
export function environmentOf(object: Rendered, from: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    variablesOf(object).flatMap(({ name, value = from[name] }) => (value === undefined ? [] : [[name, value]])),
  );
}
