/** Which `quality` runs: the one that the project has installed, else the one that comes with the action. */
import { satisfies } from 'semver';
import { exists, readTextIfThere } from '../host/disk.js';
import { dirname, join } from '../host/paths.js';
import { runProcess } from '../host/process.js';
import { type Result, success } from '../model/result.js';
import { assembleBundled } from './bundled.js';
import type { Runner } from './runner.js';

export interface QualityCommand {
  readonly program: string;
  /** They stand before those of `quality` itself. */
  readonly args: readonly string[];
  readonly version: string;
}

interface Package {
  readonly folder: string;
  readonly version: string;
  readonly engines: string;
}

const NAME = 'quality-orchestrator';

export async function findQuality(runner: Runner, cwd: string): Promise<Result<QualityCommand>> {
  const installed = await installedIn(cwd);
  if (installed !== null) return success(installed);
  const bundled = await assembleBundled(runner);
  return bundled.ok ? success(await started(await packageIn(bundled.value))) : bundled;
}

async function started({ folder, version, engines }: Package): Promise<QualityCommand> {
  return { program: await nodeFor(engines), args: [join(folder, 'bin', 'quality.js')], version };
}

/** As Node looks for a package: in the folder, then in those above it; with Plug'n'Play only Yarn knows where it is. */
async function installedIn(cwd: string): Promise<QualityCommand | null> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', NAME);
    if (await exists(join(place, 'package.json'))) return started(await packageIn(place));
    const version = versionIn((await readTextIfThere(join(folder, '.pnp.cjs'))) ?? '');
    if (version !== null) return { program: 'yarn', args: ['run', '--top-level', 'quality'], version };
    if (dirname(folder) === folder) return null;
  }
}

/** `["quality-orchestrator", [\`, and on the next line `["npm:0.1.0", {\`: in the list that Yarn writes. */
function versionIn(pnp: string): string | null {
  return /"quality-orchestrator", \[[\\\s]*\["(?:npm:)?([^"]+)"/.exec(pnp)?.[1] ?? null;
}

async function packageIn(folder: string): Promise<Package> {
  const manifest = JSON.parse((await readTextIfThere(join(folder, 'package.json'))) ?? '{}') as {
    readonly version?: string;
    readonly engines?: { readonly node?: string };
  };
  return { folder, version: manifest.version ?? 'unknown', engines: manifest.engines?.node ?? '*' };
}

/** The Node that the workflow has set up, whose versions the project's tools are made for; else that of the runner. */
async function nodeFor(engines: string): Promise<string> {
  const { exitCode, stdout } = await runProcess('node', ['--version'], { cwd: process.cwd() });
  const version = stdout.toString('utf8').trim();
  return exitCode === 0 && satisfies(version, engines) ? 'node' : process.execPath;
}
