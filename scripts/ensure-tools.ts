import { runCommand } from './run-command.ts';
import { findProgram } from './find-program.ts';

/** A program that tests need and npm does not bring. */
export interface Tool {
  /** The variable that names it outright, and under which the tests get its path. */
  readonly variable: 'REDIS_SERVER' | 'CHROMIUM';
  /** What to call it in a sentence. */
  readonly title: string;
  /** Names under which it may be on the PATH, the preferred first. */
  readonly names: readonly string[];
  /** Where it is when it is not on the PATH. */
  readonly places: readonly string[];
  /** Debian's packages that bring it, the preferred first: of each tool the first one that apt-get offers is installed. */
  readonly debianPackages: readonly [string, ...string[]];
}

/** A real Redis, or Valkey in its stead. */
export const redisTool: Tool = {
  variable: 'REDIS_SERVER',
  title: 'Redis (redis-server or valkey-server)',
  names: ['redis-server', 'valkey-server'],
  places: [],
  debianPackages: ['redis-server'],
};

/** A real browser of the Chromium family: where there is a choice the one without a window of its own, at half the work. */
export const chromiumTool: Tool = {
  variable: 'CHROMIUM',
  title: 'Chromium or Chrome',
  names: [
    ...['chromium-headless-shell', 'chrome-headless-shell'],
    ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'],
  ],
  places: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
  debianPackages: ['chromium-headless-shell', 'chromium'],
};

/** What {@link ensureTools} achieved. */
export interface ToolsFound {
  /** Variables for the tests: where each tool is. */
  readonly env: Readonly<Record<string, string>>;
  /** One sentence on what is missing and how to get it; absent when nothing is. */
  readonly problem?: string;
}

/** Finds the tools, and installs Debian's packages for those that are missing where apt-get can do it. */
export async function ensureTools(tools: readonly Tool[]): Promise<ToolsFound> {
  const missing = tools.filter((tool) => locate(tool) === undefined);
  const attempt = missing.length > 0 ? await installWithApt(missing) : undefined;
  const env: Record<string, string> = {};
  for (const tool of tools) {
    const path = locate(tool);
    if (path !== undefined) env[tool.variable] = path;
  }
  const lacking = tools.filter((tool) => env[tool.variable] === undefined);
  if (lacking.length === 0) return { env };
  const titles = lacking.map(({ title }) => title).join(' and ');
  const packages = lacking.map(({ debianPackages: [first] }) => first).join(' ');
  const variables = lacking.map(({ variable }) => variable).join(', ');
  return {
    env,
    problem:
      `These tests need ${titles}${attempt === 'failed' ? ', and apt-get could not install it' : ''}: ` +
      `install it (on Debian: apt-get install ${packages}) or name it in ${variables}.`,
  };
}

function locate(tool: Tool): string | undefined {
  return findProgram(process.env[tool.variable], [...tool.names, ...tool.places]);
}

async function installWithApt(tools: readonly Tool[]): Promise<'installed' | 'failed' | 'impossible'> {
  const apt = findProgram(undefined, ['apt-get']);
  if (apt === undefined) return 'impossible';
  const shell = await rootShell();
  if (shell === undefined) return 'impossible';
  const titles = tools.map(({ title }) => title).join(' and ');
  process.stdout.write(`Installing ${titles} with apt-get, a minute or two …\n`);
  const choices = tools.map(({ debianPackages }) => debianPackages.join(' '));
  const [program = 'sh', ...args] = [...shell, aptScript, 'sh', ...choices];
  const { code } = await runCommand(program, args, { live: true });
  return code === 0 ? 'installed' : 'failed';
}

/** How to run a script as root without asking anybody: directly, by sudo without a password, or not at all. */
async function rootShell(): Promise<readonly string[] | undefined> {
  if (process.getuid?.() === 0) return ['sh', '-c'];
  const sudo = findProgram(undefined, ['sudo']);
  if (sudo === undefined) return undefined;
  return (await runCommand(sudo, ['-n', 'true'])).code === 0 ? [sudo, '-n', 'sh', '-c'] : undefined;
}

/**
 * Installs a package for each of its arguments, which name packages with spaces between. Debian starts a daemon as soon as
 * its package is installed; while a policy-rc.d that answers 101 is there it does not, and daemons that run already are not
 * touched. A policy that the machine's owner has set stays as it is.
 */
const aptScript = `
set -e
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' INT TERM
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
apt-get -q=2 update
chosen=
for choice in "$@"; do
  for package in $choice; do
    if apt-cache show "$package" > /dev/null 2>&1; then break; fi
  done
  chosen="$chosen $package"
done
apt-get -q=1 -o Dpkg::Use-Pty=0 install -y --no-install-recommends $chosen
`;
