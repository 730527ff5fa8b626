/** Which files of a folder an eslintrc-based ESLint lints: by `--ext`, or `.js` and what `overrides` of a config name. */
import { createRequire } from 'node:module';
import { join } from '../../host/paths.js';

const require = createRequire(import.meta.url);

interface Internals {
  getESLintPrivateMembers(linter: object): { readonly cliEngine: object };
  getCLIEngineInternalSlots(engine: object): {
    readonly fileEnumerator: { isTargetPath(path: string): boolean };
  };
}

/**
 * The public classes answer only whether a file is ignored. What `overrides` add is known to the enumerator inside, which
 * all versions from 7.0 to 9 (whose eslintrc code is frozen) keep in the same place; should one not, extensions decide.
 */
export function legacyTargets(
  entry: string,
  linter: object,
  extensions: readonly string[] = [],
): (path: string) => boolean {
  const internals = findInternals(entry, linter);
  if (internals !== null) return (path) => internals.isTargetPath(path);
  const endings = (extensions.length === 0 ? ['js'] : extensions).map(
    (extension) => `.${extension.replace(/^\./, '')}`,
  );
  return (path) => endings.some((ending) => path.endsWith(ending));
}

function findInternals(entry: string, linter: object): { isTargetPath(path: string): boolean } | null {
  const lib = join(entry, 'lib');
  for (const file of ['legacy-eslint.js', 'eslint.js']) {
    try {
      const outer = require(join(lib, 'eslint', file)) as Partial<Internals>;
      const inner = require(join(lib, 'cli-engine', 'cli-engine.js')) as Partial<Internals>;
      const engine = outer.getESLintPrivateMembers?.(linter).cliEngine;
      const enumerator = engine && inner.getCLIEngineInternalSlots?.(engine).fileEnumerator;
      if (enumerator !== undefined) return enumerator;
    } catch {
      // Not in this version: look at the next place.
    }
  }
  return null;
}
