/**
 * The `quality` that comes with the action. Its own code is committed here; the tools that it falls back on (ESLint,
 * Prettier, parsers with native code) are not: npm brings them, in the versions of the lock file and checked against the
 * hashes in it. No script of any package is run.
 */
import { cp, copyFile, exists, makeFolder, rename, rm } from '../host/disk.js';
import { ownFolder, ownVersion } from '../host/own-package.js';
import { join } from '../host/paths.js';
import { runProcess } from '../host/process.js';
import { type Result, failed, success } from '../model/result.js';
import { say, withoutCommands } from './log.js';
import type { Runner } from './runner.js';

const INSTALL = ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/** Its folder. A second step of the same job finds it there. */
export async function assembleBundled({ temporary }: Runner): Promise<Result<string>> {
  const folder = join(temporary, `quality-orchestrator-${ownVersion()}`);
  if (await exists(folder)) return success(folder);
  const parts = `${folder}.parts`;
  await rm(parts, { recursive: true, force: true });
  await copyParts(parts);
  const installed = await install(parts);
  if (!installed.ok) return installed;
  await rename(parts, folder);
  return success(folder);
}

async function copyParts(folder: string): Promise<void> {
  await makeFolder(folder);
  const own = ownFolder();
  for (const name of ['package.json', 'package-lock.json']) await copyFile(join(own, name), join(folder, name));
  await cp(join(own, 'bin'), join(folder, 'bin'), { recursive: true });
  await cp(join(own, 'action', 'dist'), join(folder, 'dist'), { recursive: true });
}

/** In a folder of its own, where no settings of the project say from where packages come. */
async function install(folder: string): Promise<Result<null>> {
  say('The project has not installed quality-orchestrator: the version of this action is used, with its locked tools');
  const result = await runProcess('npm', INSTALL, { cwd: folder });
  if (result.end === 'exit' && result.exitCode === 0) return success(null);
  const isMissing = result.end === 'missing';
  if (!isMissing)
    await withoutCommands((show) => {
      show(result.stdout);
      show(result.stderr);
      return Promise.resolve();
    });
  return failed({
    kind: 'tool-missing',
    tool: 'npm',
    message: isMissing ? 'npm is not there to install the tools' : 'npm could not install the tools; see the log',
    next: 'Add quality-orchestrator to the devDependencies of the project and install them in a step before.',
  });
}
