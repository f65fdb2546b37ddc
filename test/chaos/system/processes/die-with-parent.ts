import { findProgram } from '../../../../scripts/find-program.ts';

const setpriv = process.platform === 'linux' ? findProgram(undefined, ['setpriv']) : undefined;

/**
 * Words to put before a program, so that the kernel ends it when this process ends, even by `kill -9` and even where the
 * program is stopped. None where there is no such help: then only what watches its stdin notices.
 */
export const dieWithParent: readonly string[] = setpriv === undefined ? [] : [setpriv, '--pdeathsig', 'KILL'];
