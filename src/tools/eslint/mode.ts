/** Flat configuration, eslintrc, or an ESLint so old that only its command line will do. */
import { coerce, type SemVer } from 'semver';
import { folderOf, isWithin } from '../../host/paths.js';
import type { ChosenCall } from './choose.js';
import { nearestConfig, type ConfigPlaces } from './config-files.js';
import type { Mode } from './scope.js';

interface Setting {
  readonly version: string;
  readonly calls: readonly ChosenCall[];
}

/** What this ESLint would choose in this folder; and for ESLint 9, eslintrc where there is nothing else to read. */
export function modeOf(configs: ConfigPlaces, dir: string, { version, calls }: Setting): Mode {
  const release = coerce(version);
  if (release === null || release.major >= 10) return 'flat';
  if (release.major < 7) return 'command-line';
  const wish = wishOf(calls);
  if (wish === 'false') return 'legacy';
  const flat = nearestConfig(configs.flat, dir);
  if (release.major < 9) return wish === 'true' || readsFlat(release, flat) ? 'flat' : 'legacy';
  const isNamed = flat !== undefined || calls.some((call) => call.arguments.values.has('config'));
  return !isNamed && hasLegacyConfig(configs, dir) ? 'legacy' : 'flat';
}

/** Said by the script, or by the environment that it would inherit. */
function wishOf(calls: readonly ChosenCall[]): string | undefined {
  const name = 'ESLINT_USE_FLAT_CONFIG';
  return calls[0]?.env?.[name] ?? process.env[name];
}

function readsFlat({ major, minor }: SemVer, config: string | undefined): boolean {
  if (config === undefined || major < 8 || minor < 21) return false;
  return config.endsWith('.config.js') || (minor >= 57 && /\.[cm]js$/.test(config));
}

/** A legacy config also counts below the folder: each sub-folder may have its own. */
export function hasLegacyConfig({ legacy }: ConfigPlaces, dir: string): boolean {
  return legacy.map(folderOf).some((folder) => isWithin(folder, dir) || isWithin(dir, folder));
}
