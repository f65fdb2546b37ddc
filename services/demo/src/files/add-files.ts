import { ConfigError } from '@flotilla-im/environment';
import type { Flotilla } from '@flotilla-im/sdk';
import type { FastifyInstance } from 'fastify';
import type { DemoConfig } from '../config/config.ts';
import { createMessages } from '../messages/messages.ts';
import { type FileFolder, openFileFolder } from './file-folder.ts';
import { addFileRoutes } from './file-routes.ts';
import { createFiles } from './files.ts';
import { sweepFiles } from './sweep-files.ts';

const SWEEP_MS = 3_600_000;

/** What files need of the service. */
export interface AddFilesDeps {
  readonly config: Pick<DemoConfig, 'cookieSecrets' | 'filesDir' | 'fileBytes' | 'filesTotalBytes'>;
  readonly flotilla: Flotilla;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Monotonic. */
  readonly nowMs: () => number;
  /** Hears of what could not be told or cleared away. */
  readonly onError: (error: unknown) => void;
}

/** Files from person to person; those that are over are removed now, and every hour. @throws {ConfigError} */
export async function addFiles(app: FastifyInstance, deps: AddFilesDeps): Promise<void> {
  const { config, flotilla, wallMs, nowMs, onError } = deps;
  const { filesDir, fileBytes: limitBytes, filesTotalBytes: totalBytes, cookieSecrets } = config;
  const folder = await openOrExplain(filesDir, wallMs);
  const sweep = (): void => void sweepFiles(filesDir, wallMs(), onError).catch(onError);
  sweep();
  const timer = setInterval(sweep, SWEEP_MS).unref();
  app.addHook('preClose', (done) => {
    clearInterval(timer);
    done();
  });
  const [secret = ''] = cookieSecrets;
  const messages = createMessages(flotilla);
  const files = createFiles({ folder, messages, flotilla, secret, limitBytes, totalBytes, wallMs, onError });
  await addFileRoutes(app, { files, limitBytes, nowMs });
}

async function openOrExplain(path: string, wallMs: () => number): Promise<FileFolder> {
  try {
    return await openFileFolder(path, wallMs);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new ConfigError([`FLOTILLA_FILES_DIR cannot be used for files: ${path} (${code}).`]);
  }
}
