/** Which of the project's calls of ESLint say how it is linted. */
import { isWithin, posix } from '../../host/paths.js';
import type { ProjectView, ToolCall } from '../tool.js';
import { readArguments, type EslintArguments } from './flags.js';
import { EVERYTHING, type EslintCall, type Pattern } from './scope.js';

export interface ChosenCall extends EslintCall {
  readonly from: string;
  readonly line: string;
  readonly arguments: EslintArguments;
}

/**
 * The calls of one folder, most apt first; a file belongs to the first that lints it. Scripts that only look are the
 * project's word; where there are none, those that also fix; where there are no scripts, the lists of staged files.
 */
export function chooseCalls(calls: readonly ToolCall[], dir: string, view: View): readonly ChosenCall[] {
  const usable = calls.filter((call) => call.dir === dir).flatMap((call) => usableCall(call, view));
  const scripts = usable.filter(({ glob }) => glob === undefined);
  const looking = scripts.filter((call) => !call.arguments.fixes || isMain(call.script));
  const apt = [looking.filter((call) => isLintName(call.script)), looking, scripts, usable].find(
    (some) => some.length > 0,
  );
  return [...(apt ?? [])].sort((a, b) => rank(a) - rank(b));
}

type View = Pick<ProjectView, 'files' | 'hasFile'>;
type UsableCall = ChosenCall & { readonly script: string | undefined };

function usableCall(call: ToolCall, view: View): UsableCall[] {
  const parsed = readArguments(call.args);
  if (parsed.isOther || parsed.patterns.some((pattern) => /[$]|\{\{/.test(pattern))) return [];
  const patterns = parsed.patterns.flatMap((pattern) => readPattern(pattern, call.dir, view));
  return [
    {
      flags: parsed.flags,
      patterns: patterns.length === 0 ? [EVERYTHING] : patterns,
      ...(call.glob === undefined ? {} : { glob: call.glob }),
      ...(call.env === undefined ? {} : { env: call.env }),
      from: call.from,
      line: ['eslint', ...call.args].join(' '),
      arguments: parsed,
      script: call.script,
    },
  ];
}

function isMain(script: string | undefined): boolean {
  return script === 'lint' || script === 'eslint';
}

function isLintName(script: string | undefined): boolean {
  return script !== undefined && /lint|check|verify|validate|standard|style|quality|test|^ci\b/i.test(script);
}

/** `lint` and `eslint` first, then those that only look; otherwise as they are written. */
function rank(call: UsableCall): number {
  if (isMain(call.script)) return call.arguments.fixes ? 2 : call.script === 'lint' ? 0 : 1;
  return call.arguments.fixes ? 4 : 3;
}

/** A folder, a file, or a glob, as ESLint tells them apart: by looking. What is none of them is left out. */
function readPattern(text: string, dir: string, view: View): Pattern[] {
  const path = posix.normalize(text.replaceAll('\\', '/')).replace(/\/$/, '').replace(/^\.$/, '');
  if (posix.isAbsolute(path)) return [];
  const whole = posix.join(dir, path).replace(/^\.$/, '');
  if (whole.startsWith('..')) return [];
  if (view.hasFile(whole)) return [{ kind: 'file', path }];
  if (whole === '' || view.files.some((file) => isWithin(whole, file.path))) return [{ kind: 'folder', path }];
  return [{ kind: /[*?{[(!]/.test(path) ? 'glob' : 'file', path }];
}

/** Before flat configuration, files and folders with a dot are linted only where a pattern itself has one. */
export function withDottedApart(call: ChosenCall): ChosenCall[] {
  const isDotted = ({ path }: Pattern): boolean => /(?:^|\/)\.[^/.]/.test(path);
  const plain = call.patterns.filter((pattern) => !isDotted(pattern));
  const dotted = call.patterns.filter(isDotted);
  return [
    ...(plain.length === 0 ? [] : [{ ...call, patterns: plain }]),
    ...(dotted.length === 0 ? [] : [{ ...call, patterns: dotted, flags: [...call.flags, '--ignore-pattern', '!.*'] }]),
  ];
}
