import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute folder of this package: from `dist/` as from `src/`. */
export function ownFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const manifest = readManifest(folder);
    if (manifest?.name === 'quality-orchestrator') return folder;
    const parent = dirname(folder);
    if (parent === folder) throw new Error('The package.json of quality-orchestrator is missing');
    folder = parent;
  }
}

/** Where this installation may keep what can be made again; absolute, perhaps not there, perhaps not to be written. */
export function ownCacheFolder(): string {
  const own = ownFolder();
  const [, modules = join(own, 'node_modules')] = /^(.*[/\\]node_modules)[/\\]/.exec(own) ?? [];
  return join(modules, '.cache', 'quality-orchestrator');
}

export function ownVersion(): string {
  return readManifest(ownFolder())?.version ?? 'unknown';
}

/** `node`: the versions that this package is made for. */
export function ownEngines(): Readonly<Record<string, string>> {
  return readManifest(ownFolder())?.engines ?? {};
}

/**
 * Another text for each build: answers of another one may be wrong though the version is the same. The entry files name
 * all others by hashes of their contents.
 */
export function ownBuild(): string {
  return (build.id ??= digestOfBuild());
}

const build: { id?: string } = {};

function digestOfBuild(): string {
  const hash = createHash('sha256').update(ownVersion());
  for (const name of ['main.js', 'worker.js']) {
    try {
      hash.update(readFileSync(join(ownFolder(), 'dist', name)));
    } catch {
      // Run from its sources: then the version has to do.
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** Resolves a package as this package sees it: the bundled version of a tool. */
export function ownRequire(): NodeJS.Require {
  return createRequire(join(ownFolder(), 'package.json'));
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly engines?: Readonly<Record<string, string>>;
}

function readManifest(folder: string): Manifest | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  } catch {
    return null;
  }
}
