import type { Backend } from './backends.ts';

/** Declares tests of one behaviour, for a backend that is there when they run. Listed in suites.ts, run over every backend. */
export type Suite = (backend: () => Backend) => void;
