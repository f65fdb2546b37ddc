import { createRequire, flushCompileCache, type ModuleHooks, registerHooks, type ResolveFnOutput } from 'node:module';
import { relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = new URL('../../../', import.meta.url).href;
const jestGlobals = new URL('./jest-globals.ts', import.meta.url).href;

/** Whether a module is in one of the project's folders that are called `test`. */
function isForTests(url: string): boolean {
  return url.startsWith(root) && !url.includes('/node_modules/') && url.includes('/test/', root.length - 1);
}

/** What jest says of the project that a file belongs to, as far as it is needed here. */
interface ProjectConfig {
  readonly rootDir: string;
}

/**
 * Loads the modules of one test file for jest, in place of jest-runtime: by Node's own `import`, as everywhere else.
 * Sources and dependencies are loaded once a worker; what is in a test folder once a test file, because the hooks that
 * it names at its top (`afterEach`) and what it keeps open belong to that file.
 */
export class NativeRuntime {
  readonly #require = createRequire(import.meta.url);
  readonly #hooks: ModuleHooks;

  constructor(
    config: ProjectConfig,
    _environment: unknown,
    _resolver: unknown,
    _transformer: unknown,
    _sources: unknown,
    _coverage: unknown,
    testPath: string,
  ) {
    const owner = new URLSearchParams({ of: relative(config.rootDir, testPath).replaceAll(sep, '/') }).toString();
    const own = (module: ResolveFnOutput): ResolveFnOutput =>
      isForTests(module.url) ? { ...module, url: `${module.url}?${owner}` } : module;
    this.#hooks = registerHooks({
      resolve: (specifier, context, nextResolve) =>
        own(nextResolve(specifier === '@jest/globals' ? jestGlobals : specifier, context)),
    });
  }

  unstable_shouldLoadAsEsm(): boolean {
    return true;
  }

  unstable_importModule(path: string): Promise<unknown> {
    return import(pathToFileURL(path).href);
  }

  /** Jest's own parts. The one that is asked for keeps the tests of a file, so each file has one of its own. */
  requireInternalModule(path: string): unknown {
    Reflect.deleteProperty(this.#require.cache, path);
    return this.#require(path);
  }

  requireModule(path: string): unknown {
    return this.#require(path);
  }

  setGlobalsForRuntime(): void {
    // They are on globalThis, where jest-globals.ts takes them from.
  }

  getSourceMaps(): null {
    return null;
  }

  getAllCoverageInfoCopy(): undefined {
    return undefined;
  }

  enterTestCode(): void {
    // Jest-runtime refuses `import` outside of a test here; Node's own needs no guard.
  }

  leaveTestCode(): void {
    // See above.
  }

  teardown(): void {
    this.#hooks.deregister();
    // Programs that later tests start find it; jest ends a worker without asking, which would keep nothing.
    flushCompileCache();
  }
}

export { NativeRuntime as 'module.exports' };
