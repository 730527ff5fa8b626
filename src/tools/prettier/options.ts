/** The options for one file: the project's configuration and the flags of the call, as Prettier's command line merges them. */
import { resolve } from '../../host/paths.js';
import type { FlagValue } from './flags.js';
import type { PrettierCall } from './calls.js';
import type { FormatOptions, Prettier } from './load.js';

export interface FileSetting {
  readonly prettier: Prettier;
  readonly call: PrettierCall;
  /** Absolute folder where the call runs. */
  readonly cwd: string;
}

export async function optionsFor(path: string, { prettier, call, cwd }: FileSetting): Promise<FormatOptions> {
  const { config } = call;
  const configured =
    config === false
      ? null
      : await prettier.resolveConfig(path, {
          editorconfig: call.editorconfig ?? true,
          ...(config === undefined ? {} : { config: resolve(cwd, config) }),
        });
  return { ...merge(configured, apiOptions(call.overrides ?? {}), call.precedence), filepath: path };
}

function merge(configured: FormatOptions | null, flags: FormatOptions, precedence: string | undefined): FormatOptions {
  if (precedence === 'file-override') return { ...flags, ...configured };
  if (precedence === 'prefer-file') return configured ?? flags;
  return { ...configured, ...flags };
}

const API_NAMES: Readonly<Record<string, string>> = {
  plugin: 'plugins',
  'plugin-search-dir': 'pluginSearchDirs',
  'plugin-search': 'pluginSearchDirs',
};

/** `--print-width=100` is `printWidth: 100`. Plugins' options are read in the same way. */
function apiOptions(flags: Readonly<Record<string, FlagValue>>): FormatOptions {
  return Object.fromEntries(
    Object.entries(flags).map(([name, value]) => [
      API_NAMES[name] ?? name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value,
    ]),
  );
}
