/** Where things are. The bench is started in the folder of the package (`npm run bench`). */
import { join } from 'node:path';

export const BENCH = join(process.cwd(), 'bench');
export const PACKAGES = join(BENCH, 'node_modules');
const QUALITY = join(process.cwd(), 'bin', 'quality.js');
/** Prepared sources are kept between calls: preparing them takes minutes. */
export const KEPT = join(PACKAGES, '.cache', 'corpora');
export const RESULTS = join(BENCH, 'results');

const SCRIPTS = {
  eslint: 'eslint/bin/eslint.js',
  knip: 'knip/bin/knip.js',
  'lint-staged': 'lint-staged/bin/lint-staged.js',
  prettier: 'prettier/bin/prettier.cjs',
};

/** A tool as the bench calls it: without npx or a shell, whose start would count. */
export function tool(name: keyof typeof SCRIPTS | 'jscpd' | 'lefthook' | 'prek' | 'turbo'): readonly string[] {
  return name in SCRIPTS
    ? [process.execPath, join(PACKAGES, SCRIPTS[name as keyof typeof SCRIPTS])]
    : [join(PACKAGES, '.bin', name)];
}

export const quality = (...words: readonly string[]): readonly string[] => [process.execPath, QUALITY, ...words];
