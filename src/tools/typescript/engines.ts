/** The compilers that check types: their packages, how to start them, what they can do. */
import { join } from '../../host/paths.js';
import type { InstalledPackage } from '../tool.js';

export type CompilerName = 'tsc' | 'vue-tsc' | 'tsgo';

export const COMPILER_PACKAGES: Readonly<Record<CompilerName, string>> = {
  tsc: 'typescript',
  'vue-tsc': 'vue-tsc',
  tsgo: '@typescript/native-preview',
};

/** Absolute path of the script that Node runs. */
export function scriptOf(compiler: CompilerName, installed: InstalledPackage): string {
  const { bin } = installed.manifest;
  const named = typeof bin === 'string' ? bin : (bin as Record<string, unknown> | undefined)?.[compiler];
  return join(installed.dir, typeof named === 'string' ? named : `bin/${compiler}`);
}

/** Absolute path of the module with the native compiler's programming interface; null for those written in JavaScript. */
export function nativeModuleOf(installed: InstalledPackage): string | null {
  const entry = (installed.manifest.exports as Record<string, unknown> | undefined)?.['./unstable/sync'];
  return typeof entry === 'string' ? join(installed.dir, entry) : null;
}

/** `[5, 9]` of "5.9.3". */
function majorMinor(version: string): readonly [number, number] {
  const [major, minor] = version.split('.').map((part) => Number.parseInt(part, 10));
  return [major ?? 0, minor ?? 0];
}

export function isBefore(version: string, major: number, minor: number): boolean {
  const [a, b] = majorMinor(version);
  return a < major || (a === major && b < minor);
}

/**
 * Where scripts and compiler output are kept in a state folder: in the one folder that every tool passes over. The
 * project's own `eslint .` or knip looks into folders with a dot too, and would judge what it finds there.
 */
export function unseenFolder(stateFolder: string): string {
  return join(stateFolder, 'node_modules');
}
