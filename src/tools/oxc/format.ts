/** Formatting with oxfmt: the list of unformatted files first, then each of them through its standard input. */
import pLimit from 'p-limit';
import { absolutePath } from '../../host/paths.js';
import type { ProcessResult } from '../../host/process.js';
import type { ToolUse } from '../../model/tool-use.js';
import { exitCodeOf, lastWords } from '../ended.js';
import { checkByTransform } from '../format-check.js';
import { outputFault, pathInWorkspace, position } from '../output/context.js';
import type { Engine, EngineContext, SourceText, Transformed } from '../tool.js';
import type { OxcCall } from './calls.js';
import { argumentPath, groupFiles, runBatches, runOxc, trouble, type Group, type Session } from './run.js';

/** Programs at once within one job; jobs run side by side as well. */
const AT_ONCE = 4;

export function openOxfmt(use: ToolUse, context: EngineContext): Engine {
  const session: Session = { use, context };
  const transform = (files: readonly SourceText[]): Promise<readonly Transformed[]> => transformAll(session, files);
  return { transform, check: checkByTransform('oxfmt', { transform }) };
}

async function transformAll(session: Session, files: readonly SourceText[]): Promise<readonly Transformed[]> {
  const groups = await groupFiles(session, files);
  const calls = new Map(groups.flatMap((group) => group.files.map((file) => [file, group.call] as const)));
  const open = new Set<string>();
  for (const group of groups) for (const path of await unformatted(session, group)) open.add(path);
  const limit = pLimit(AT_ONCE);
  const results = await Promise.allSettled(
    files.map((file): Promise<Transformed> => {
      const call = calls.get(file);
      if (call === undefined) return Promise.resolve({ status: 'ignored', text: file.text });
      if (!file.virtual && !open.has(file.path)) return Promise.resolve({ status: 'done', text: file.text });
      return limit(() => transformOne(session, call, file));
    }),
  );
  // Only when all have ended: none may still run when the job's outcome is known.
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

/** Workspace paths of those on disk that are unformatted, or that oxfmt has trouble with. */
async function unformatted(session: Session, { call, files }: Group): Promise<string[]> {
  const { root } = session.context;
  const onDisk = files.filter((file) => !file.virtual);
  const always = ['--list-different', '--no-error-on-unmatched-pattern', ...call.flags];
  const results = await runBatches(session, { always, root, files: onDisk });
  return results.flatMap((result) => openPaths(session, result, onDisk));
}

/** 1: some are unformatted; 2: some do not parse, and stderr says which. */
function openPaths(session: Session, result: ProcessResult, files: readonly SourceText[]): string[] {
  const { use, context } = session;
  const code = exitCodeOf('oxfmt', result);
  const where = { tool: 'oxfmt', root: context.root, cwd: absolutePath(context.root, use.root) };
  const known = new Set(files.map(({ path }) => path));
  const output = result.stdout.toString('utf8');
  const named = output.split(/\r?\n/).flatMap((line) => (line === '' ? [] : [pathInWorkspace(line, where) ?? line]));
  if (code > 2) throw trouble(session, result);
  if (!named.every((path) => known.has(path))) throw outputFault(where, 'a list of unformatted files', output);
  if (code === 2) return [...new Set([...named, ...withErrors(result, files, use)])];
  if (code === 1 && named.length === 0) throw trouble(session, result);
  return named;
}

/** When none of them is named, all are looked at one by one. */
function withErrors(result: ProcessResult, files: readonly SourceText[], use: ToolUse): string[] {
  const words = result.stderr.toString('utf8');
  const mentioned = files.filter(({ path }) => words.includes(argumentPath(path, use)));
  return (mentioned.length > 0 ? mentioned : files).map(({ path }) => path);
}

async function transformOne(session: Session, call: OxcCall, file: SourceText): Promise<Transformed> {
  const path = argumentPath(file.path, session.use);
  const args = [...call.flags, `--stdin-filepath=${path}`];
  const result = await runOxc(session, { args, root: session.context.root, input: file.text });
  const code = exitCodeOf('oxfmt', result);
  const text = result.stdout.toString('utf8');
  const words = lastWords(result);
  if (code === 0 && (text.trim() !== '' || file.text.trim() === '')) return { status: 'done', text };
  if (code === 1 && words.includes('Unsupported file type')) return { status: 'ignored', text: file.text };
  if (code === 2) return syntaxError(file, words);
  throw trouble(session, result);
}

function syntaxError({ path, text }: SourceText, words: string): Transformed {
  const message = /^\s*(?:x|×|✖)\s+(.+)$/m.exec(words)?.[1] ?? words.split('\n')[0] ?? 'Syntax error';
  const [, line, column] = /\[[^\]\n]*:(\d+):(\d+)\]/.exec(words) ?? [];
  const start = position(Number(line), Number(column));
  const place = start === undefined ? {} : { start };
  return {
    status: 'failed',
    text,
    diagnostics: [{ tool: 'oxfmt', rule: null, severity: 'error', message, path, ...place }],
    failure: { kind: 'syntax-error', tool: 'oxfmt', path, message, detail: words },
  };
}
