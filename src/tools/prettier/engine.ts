/** Prettier on texts: what `prettier --write` would make of each file, by the first of the project's calls that names it. */
import { absolutePath, basename, resolve } from '../../host/paths.js';
import type { ToolUse } from '../../model/tool-use.js';
import { checkByTransform } from '../format-check.js';
import { ToolFault } from '../tool-fault.js';
import type { Engine, EngineContext, SourceText, Transformed } from '../tool.js';
import { coverage, optionsOf, type PrettierCall } from './calls.js';
import { ignoreNames } from './ignored.js';
import { loadPrettier, wordsOf, type FormatOptions, type Prettier } from './load.js';
import { optionsFor } from './options.js';
import { readTrouble } from './trouble.js';

interface Session {
  readonly use: ToolUse;
  readonly prettier: Prettier;
  readonly major: number;
  /** Absolute folder of the use. */
  readonly cwd: string;
  readonly signal: AbortSignal | undefined;
  /** Ends of names that Prettier 2 looks for in folders. */
  readonly folderNames: () => Promise<readonly string[]>;
}

export async function openPrettier(use: ToolUse, context: EngineContext): Promise<Engine> {
  const prettier = await loadPrettier(use);
  const names: { list?: Promise<readonly string[]> } = {};
  const session: Session = {
    use,
    prettier,
    major: Number.parseInt(prettier.version, 10),
    cwd: absolutePath(context.root, use.root),
    signal: context.signal,
    folderNames: () => (names.list ??= supportedNames(prettier)),
  };
  const transform = async (files: readonly SourceText[]): Promise<readonly Transformed[]> => {
    const results: Transformed[] = [];
    for (const file of files) results.push(await transformOne(session, file));
    return results;
  };
  return { transform, check: checkByTransform('prettier', { transform }) };
}

async function supportedNames(prettier: Prettier): Promise<readonly string[]> {
  const { languages } = await prettier.getSupportInfo();
  return languages.flatMap(({ extensions = [], filenames = [] }) => [
    ...extensions.map((extension) => (extension.startsWith('.') ? extension : `.${extension}`)),
    ...filenames.map((name) => `/${name}`),
  ]);
}

async function transformOne(session: Session, file: SourceText): Promise<Transformed> {
  session.signal?.throwIfAborted();
  for (const call of optionsOf(session.use).calls) {
    if (!(await isFormatted(session, call, file))) continue;
    const options = await configuredOptions(session, call, file);
    return format(session.prettier, file, options);
  }
  return { status: 'ignored', text: file.text };
}

/** Would the call's command line look at this file? */
async function isFormatted(session: Session, call: PrettierCall, file: SourceText): Promise<boolean> {
  const by = coverage(call, session.use.root, file.path);
  if (by === null || (await isIgnored(session, call, file.absolutePath))) return false;
  const isListed = call.files.glob === undefined && by.kind === 'folder' && session.major < 3;
  if (!isListed) return true;
  const path = `/${basename(file.path)}`;
  return (await session.folderNames()).some((end) => path.endsWith(end));
}

async function isIgnored({ prettier, major, cwd }: Session, call: PrettierCall, path: string): Promise<boolean> {
  const paths = ignoreNames(call, prettier.version).map((name) => resolve(cwd, name));
  try {
    const info = await prettier.getFileInfo(path, {
      ignorePath: major < 3 ? paths[0] : paths,
      withNodeModules: call.withNodeModules ?? false,
      resolveConfig: false,
    });
    return info.ignored;
  } catch (error) {
    throw new ToolFault('tool-config', 'prettier', 'Prettier cannot read its ignore files', wordsOf(error));
  }
}

async function configuredOptions(session: Session, call: PrettierCall, file: SourceText): Promise<FormatOptions> {
  try {
    return await optionsFor(file.absolutePath, { ...session, call });
  } catch (error) {
    throw new ToolFault('tool-config', 'prettier', 'The configuration of Prettier does not load', wordsOf(error));
  }
}

async function format(prettier: Prettier, file: SourceText, options: FormatOptions): Promise<Transformed> {
  try {
    const { formatted } = await prettier.formatWithCursor(file.text, { ...options, cursorOffset: -1 });
    return { status: 'done', text: formatted };
  } catch (error) {
    return readTrouble(error, file);
  }
}
