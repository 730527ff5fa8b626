/** Formatting with a program: the list of unformatted files first, then each of them through its standard input. */
import pLimit from 'p-limit';
import { argumentBatches } from '../../host/argument-limit.js';
import { absolutePath, dirname } from '../../host/paths.js';
import type { ProcessResult } from '../../host/process.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import { excerpt, outputFault, pathInWorkspace, type OutputContext } from '../output/context.js';
import { GCC, readLines } from '../output/lines.js';
import type { SourceText, Transformed } from '../tool.js';
import type { FormatPreset, ListPreset } from './preset.js';
import { type Setting, argumentPath, argumentsOf, crash, flagsFor, groupByFlags, runTool, streamOf } from './run.js';

/** Programs at once within one job; jobs run side by side as well. */
const AT_ONCE = 4;

export async function formatFiles(
  files: readonly SourceText[],
  format: FormatPreset,
  setting: Setting,
): Promise<readonly Transformed[]> {
  const settled = format.list === undefined ? new Set<string>() : await formattedOf(files, format.list, setting);
  const limit = pLimit(AT_ONCE);
  const results = await Promise.allSettled(
    files.map((file) =>
      settled.has(file.path)
        ? Promise.resolve<Transformed>({ status: 'done', text: file.text })
        : limit(() => formatOne(file, format, setting)),
    ),
  );
  // Only when all have ended: none may still run when the job's outcome is known.
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

/** Those that the tool does not list as unformatted. A name with a control character could not be told from a list. */
async function formattedOf(files: readonly SourceText[], list: ListPreset, setting: Setting): Promise<Set<string>> {
  const listable = files.filter((file) => !file.virtual && !/[\u0000-\u001f\u007f]/.test(file.path));
  const settled = new Set(listable.map((file) => file.path));
  for (const { flags, files: group } of groupByFlags(listable, setting.use)) {
    const paths = group.map((file) => argumentPath(file.path, setting.use));
    for (const batch of argumentBatches(argumentsOf(list.args, { flags }, setting), paths)) {
      const args = argumentsOf(list.args, { files: batch, flags }, setting);
      const result = await runTool(args, {}, setting);
      for (const path of openPaths(result, batch, { list, setting })) settled.delete(path);
    }
  }
  return settled;
}

interface Listing {
  readonly list: ListPreset;
  readonly setting: Setting;
}

/** Workspace paths of those in the batch that are unformatted, or that the tool had trouble with. */
function openPaths(result: ProcessResult, batch: readonly string[], { list, setting }: Listing): string[] {
  const code = result.exitCode ?? -1;
  if (![...list.ok, ...list.unformatted, ...list.partial].includes(code)) throw crash(result, setting.says);
  const where = outputContext(setting);
  const workspacePaths = new Map(batch.map((path) => [pathInWorkspace(path, where) ?? path, path]));
  const output = streamOf(result, list.stream);
  const named = namedFiles(output, list, where);
  if (!named?.every((path) => workspacePaths.has(path))) {
    throw outputFault(where, 'a list of unformatted files', output);
  }
  if (list.unformatted.includes(code) && named.length === 0)
    throw outputFault(where, 'a list of unformatted files', output);
  if (!list.partial.includes(code)) return named;
  const words = streamOf(result, 'either');
  const mentioned = [...workspacePaths].flatMap(([path, argument]) => (words.includes(argument) ? [path] : []));
  const open = [...new Set([...named, ...mentioned])];
  if (open.length === 0) throw crash(result, setting.says);
  return open;
}

/** null when a line is neither a name nor known chatter. */
function namedFiles(output: string, list: ListPreset, where: OutputContext): string[] | null {
  const named: string[] = [];
  for (const line of output.split(/\r?\n/).filter((one) => one.trim() !== '')) {
    const file = list.file.exec(line)?.groups?.file;
    if (file !== undefined) named.push(pathInWorkspace(file, where) ?? file);
    else if (list.chatter?.test(line) !== true) return null;
  }
  return named;
}

export function outputContext({ says, use, context }: Setting): OutputContext {
  return { tool: says, root: context.root, cwd: absolutePath(context.root, use.root) };
}

async function formatOne(file: SourceText, { stdin }: FormatPreset, setting: Setting): Promise<Transformed> {
  const values = { file: argumentPath(file.path, setting.use), flags: flagsFor(file.path, setting.use) };
  const cwd = stdin.inFileFolder === true ? { cwd: dirname(file.absolutePath) } : {};
  const result = await runTool(argumentsOf(stdin.args, values, setting), { ...cwd, input: file.text }, setting);
  const code = result.exitCode ?? -1;
  const words = result.stderr.toString('utf8');
  if (stdin.trouble.includes(code) && stdin.syntax.test(words)) return syntaxError(file, words, setting);
  if (!stdin.ok.includes(code)) throw crash(result, setting.says);
  const text = result.stdout.toString('utf8');
  if (text === '' && stdin.ignored?.test(words) === true) return { status: 'ignored', text: file.text };
  if (text.trim() === '' && file.text.trim() !== '')
    throw outputFault(outputContext(setting), 'a formatted text', words);
  return { status: 'done', text };
}

function syntaxError(file: SourceText, words: string, setting: Setting): Transformed {
  const { message, start } = placeOfError(words, setting);
  const { path, text } = file;
  return {
    status: 'failed',
    text,
    diagnostics: [
      { tool: setting.says, rule: null, severity: 'error', message, path, ...(start === undefined ? {} : { start }) },
    ],
    failure: { kind: 'syntax-error', tool: setting.says, path, message, detail: excerpt(words.trim()) },
  };
}

/** `path:line:column: message` where a line has that form; else the first line that says something. */
function placeOfError(words: string, setting: Setting): Pick<Diagnostic, 'message' | 'start'> {
  const [first] = readLines(words, GCC, outputContext(setting)).found;
  if (first !== undefined && setting.preset.format?.stdin.placed === true) return first;
  const lines = words.split(/\r?\n/).map((line) => line.trim());
  return {
    message: lines.find((line) => setting.preset.format?.stdin.syntax.test(line)) ?? lines[0] ?? 'syntax error',
  };
}
