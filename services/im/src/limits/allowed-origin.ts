/** Whether a request's Origin may connect. */
export type OriginCheck = (origin: string | undefined) => boolean;

/**
 * Only browsers send an Origin, and only browsers need the check: without one a request is let in.
 *
 * @param allowed - `*` for all, origins, `https://*.example.com` for every subdomain (not the domain itself)
 */
export function createOriginCheck(allowed: readonly string[]): OriginCheck {
  if (allowed.includes('*')) return () => true;
  const exact = new Set(allowed.map((origin) => origin.toLowerCase()));
  const subdomains = allowed.filter((origin) => origin.includes('://*.')).map(subdomainTest);
  return (given) => {
    if (given === undefined) return true;
    const origin = given.toLowerCase();
    return exact.has(origin) || subdomains.some((test) => test(origin));
  };
}

function subdomainTest(pattern: string): (origin: string) => boolean {
  const [scheme = '', host = ''] = pattern.toLowerCase().split('*');
  return (origin) => {
    if (!origin.startsWith(scheme) || !origin.endsWith(host)) return false;
    return /^[a-z0-9-]+(\.[a-z0-9-]+)*$/u.test(origin.slice(scheme.length, -host.length));
  };
}
