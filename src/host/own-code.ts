/** What V8 compiles of our own modules is kept between starts (compiled-code.ts). */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { type KeptCode, compileThrough, fileIn, writeDown } from './compiled-code.js';
import { type Pack, readPack } from './compiled-pack.js';
import { ownBuild, ownCacheFolder, ownFolder } from './own-package.js';

/** The one of our modules that imports while it runs, for all (build.mjs). */
const IMPORT_MODULE = 'import-module.js';

/** To be called before anything else is loaded. `entry`: which of our processes this is. */
export function keepOwnCode(entry: 'main' | 'worker'): KeptCode {
  const around = ownCacheFolder();
  const folder = join(around, 'compiled');
  if (!existsSync(around)) return { keep: () => makeUnlessForbidden(around) };
  const file = fileIn(folder, `${ownBuild()} ${entry}`);
  const known = readPack(file);
  // Commands load different parts: those that this one has no use for are kept as well.
  const pack: Pack = { known, used: new Set(known.keys()), fresh: [] };
  const modules = join(ownFolder(), 'dist') + sep;
  compileThrough({
    packOf: (path) => (path.startsWith(modules) && basename(path) !== IMPORT_MODULE ? pack : null),
    // The build says what stands in each file.
    keyOf: (path) => path,
    mayImport: () => false,
  });
  return {
    keep: async () => {
      // All of it is loaded again by the next command that is called so.
      if (pack.fresh.length > 0) await writeDown(file, pack, () => Promise.resolve(false));
    },
  };
}

async function makeUnlessForbidden(folder: string): Promise<void> {
  // Where somebody else has installed us.
  await mkdir(folder, { recursive: true }).catch(() => undefined);
}
