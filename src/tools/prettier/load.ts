/** Prettier's own module, 2 or 3, behind the few functions that all versions have. */
import { exists } from '../../host/disk.js';
import { join, pathToFileURL } from '../../host/paths.js';
import type { ToolUse } from '../../model/tool-use.js';
import { ToolFault } from '../tool-fault.js';

export type FormatOptions = Readonly<Record<string, unknown>>;

export interface Prettier {
  readonly version: string;
  /** The text of the result; Prettier 2 gives it at once, 3 promises it. */
  formatWithCursor(text: string, options: FormatOptions): Promise<{ readonly formatted: string }> | Formatted;
  resolveConfig(path: string, options: FormatOptions): Promise<FormatOptions | null>;
  getFileInfo(path: string, options: FormatOptions): Promise<{ readonly ignored: boolean }>;
  getSupportInfo(): Promise<SupportInfo> | SupportInfo;
}

interface Formatted {
  readonly formatted: string;
}

interface SupportInfo {
  readonly languages: readonly {
    readonly extensions?: readonly string[];
    readonly filenames?: readonly string[];
  }[];
}

export async function loadPrettier({ entry, version }: ToolUse): Promise<Prettier> {
  const candidates = ['index.mjs', 'index.js', 'index.cjs'].map((name) => join(entry, name));
  for (const path of candidates) {
    if (!(await exists(path))) continue;
    try {
      const module = (await import(pathToFileURL(path).href)) as Prettier & { readonly default?: Prettier };
      return module.default ?? module;
    } catch (error) {
      throw new ToolFault('tool-crashed', 'prettier', `Prettier ${version} does not load`, wordsOf(error));
    }
  }
  throw new ToolFault('tool-missing', 'prettier', `There is no Prettier in ${entry}`);
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
