/** Where the bundled jscpd is. */
import { exists } from '../../host/disk.js';
import { ownRequire } from '../../host/own-package.js';
import { dirname, join } from '../../host/paths.js';

export interface CloneProgram {
  readonly file: string;
  /** Arguments that come before all others. */
  readonly args: readonly string[];
}

interface Platforms {
  readonly getPlatformKey: () => string | null;
  readonly PLATFORM_MAP: Readonly<Record<string, { readonly packageName: string }>>;
}

/** The program of this platform itself: the script beside it costs a Node start and leaves it running when it is killed. */
export async function cloneProgram(): Promise<CloneProgram> {
  const require = ownRequire();
  const script = require.resolve('jscpd/run-jscpd.js');
  const binary = platformBinary(require);
  if (binary !== null && (await exists(binary))) return { file: binary, args: [] };
  return { file: process.execPath, args: [script] };
}

function platformBinary(require: NodeJS.Require): string | null {
  try {
    const { getPlatformKey, PLATFORM_MAP } = require('jscpd/platform-map.js') as Platforms;
    const name = PLATFORM_MAP[getPlatformKey() ?? '']?.packageName;
    if (name === undefined) return null;
    const folder = dirname(require.resolve(`${name}/package.json`));
    return join(folder, 'bin', process.platform === 'win32' ? 'jscpd.exe' : 'jscpd');
  } catch {
    return null;
  }
}

export function cloneProgramVersion(): string {
  return (ownRequire()('jscpd/package.json') as { version: string }).version;
}
