/**
 * What a program that a test starts gets of this run's environment: where programs are, and where Node keeps the sources as it
 * compiled them, without which a start takes three times the processor. None of the settings that this run happens to have.
 */
export function bareEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };
}
