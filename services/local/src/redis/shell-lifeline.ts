/** Time for those who use it to leave first, seconds. */
const LAST_SECONDS = 3;

/**
 * The launcher holds the other end of stdin. A watcher beside the program waits for its end: when the launcher is gone
 * without having said so, for example by `kill -9`, the program is asked to end. `$$` is its process, because `exec` keeps
 * that; when the program itself is gone, there is nobody to ask.
 */
const SCRIPT = [
  'exec 3<&0',
  `(cat <&3; kill -0 $$ && sleep ${LAST_SECONDS} && kill -TERM $$) >/dev/null 2>&1 &`,
  'exec "$0" "$@" 3<&- </dev/null',
].join('\n');

/** A program and its arguments. */
export interface Invocation {
  readonly program: string;
  readonly args: readonly string[];
}

/** What to start so that a program which is none of ours ends with the launcher; itself where there is no POSIX shell. */
export function withLifeline(invocation: Invocation, platform: NodeJS.Platform): Invocation {
  if (platform === 'win32') return invocation;
  return { program: '/bin/sh', args: ['-c', SCRIPT, invocation.program, ...invocation.args] };
}
