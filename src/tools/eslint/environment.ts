/** What configurations and plugins can see of the process that they run in. */
import { join } from '../../host/paths.js';
import type { ToolUse } from '../../model/tool-use.js';
import { optionsOf, type EslintCall } from './scope.js';

/**
 * Does the work as if the project's command line had been started, environment included. typescript-eslint tells by it
 * whether the process only looks at files once, as they are on disk (`single`), and finds slightly other things then;
 * texts that change, or are not on disk, it reads right only in a process that goes on.
 */
export async function asCommandLine<T>(
  use: ToolUse,
  call: EslintCall,
  single: boolean,
  work: () => Promise<T>,
): Promise<T> {
  const words = [process.execPath, join(use.entry, 'bin', 'eslint.js'), ...call.flags];
  const argv = process.argv;
  process.argv = single ? words : [...words, '--fix'];
  try {
    return await withEnvironment(environmentOf(use, call, single), work);
  } finally {
    process.argv = argv;
  }
}

/** Configs read the environment: what the project's script sets is set while it is linted. */
function environmentOf(use: ToolUse, call: EslintCall, single: boolean): Readonly<Record<string, string>> {
  const isLegacy = optionsOf(use).mode === 'legacy' && use.version.startsWith('9.');
  return {
    ...(isLegacy ? { ESLINT_USE_FLAT_CONFIG: 'false' } : {}),
    ...call.env,
    ...(single ? {} : { TSESTREE_SINGLE_RUN: 'false' }),
  };
}

async function withEnvironment<T>(env: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  const names = Object.keys(env);
  const before = names.map((name) => process.env[name]);
  Object.assign(process.env, env);
  try {
    return await work();
  } finally {
    names.forEach((name, at) => {
      const value = before[at];
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    });
  }
}
