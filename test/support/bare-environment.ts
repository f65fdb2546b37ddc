/**
 * What a program that a test starts gets of this run's environment: where programs are, and where Node keeps the sources
 * that it compiled, without which a start takes three times the processor. No settings that this run happens to have.
 */
export function bareEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };
}
