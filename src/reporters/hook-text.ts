/** What a hook says: one line when all is well, otherwise what stands in the way and what can be done about it. */
import type { Diagnostic } from '../model/diagnostic.js';
import type { Report } from '../model/report.js';
import { count, paintFor, showDuration, showFailure, showFinding, showPath, some } from './text.js';

/** As src/hook gives it. */
export interface HookAnswer {
  readonly kind: 'nothing' | 'passed' | 'blocked' | 'emptied';
  readonly what: string;
  readonly fixed: readonly string[];
  readonly leftAlone: readonly { readonly path: string; readonly reason: string }[];
  readonly reports: readonly Report[];
  readonly milliseconds: number;
}

interface Setting {
  readonly hook: string;
  readonly color: boolean;
}

const MOST_LINES = 25;

export function showHook(answer: HookAnswer, setting: Setting): string {
  const lines = LINES[answer.kind](answer, setting);
  return [...lines, ...leftAlone(answer, setting)].map((line) => `${line}\n`).join('');
}

const LINES: Readonly<Record<HookAnswer['kind'], (answer: HookAnswer, setting: Setting) => readonly string[]>> = {
  nothing: ({ what }, { color }) => [`${paintFor(color).green('✓')} quality: ${what}`],
  passed,
  blocked,
  emptied: ({ fixed }, { color }) => {
    const paint = paintFor(color);
    return [
      `${paint.red('✗')} quality: nothing would be left to commit: all that is staged is taken back by fixing it`,
      `  ${some(fixed.map(showPath), MOST_LINES)}`,
      paint.dim('  Nothing was changed. To commit all the same: QUALITY_ALLOW_EMPTY=1 git commit --allow-empty'),
    ];
  },
};

function passed({ what, fixed, milliseconds, reports }: HookAnswer, { color }: Setting): readonly string[] {
  const paint = paintFor(color);
  const parts = [what, ...(fixed.length === 0 ? [] : [`${String(fixed.length)} fixed`]), ...warningsIn(reports)];
  return [`${paint.green('✓')} quality: ${parts.join(', ')} ${paint.dim(`(${showDuration(milliseconds)})`)}`];
}

function warningsIn(reports: readonly Report[]): readonly string[] {
  const warnings = reports.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'warning').length;
  return warnings === 0 ? [] : [count(warnings, 'warning')];
}

function blocked(answer: HookAnswer, setting: Setting): readonly string[] {
  const paint = paintFor(setting.color);
  const found = answer.reports.flatMap((report) => linesOf(report, setting));
  const lines =
    found.length > MOST_LINES
      ? [...found.slice(0, MOST_LINES), `… and ${String(found.length - MOST_LINES)} more`]
      : found;
  // Later ones were in a folder that is gone.
  const [first] = answer.reports;
  const see = first !== undefined && first.exitCode !== 0 ? ` See:  quality report ${first.run}` : '';
  return [
    `${paint.red('✗')} quality: this stands in the way of the ${verbOf(setting)}`,
    ...lines.map((line) => `  ${line}`),
    paint.dim(`  Nothing was changed.${see}`),
    ...(answer.reports.some(hasFixable) ? [paint.dim('  Fix:   quality run --staged')] : []),
    paint.dim(`  Skip:  QUALITY=0 git ${verbOf(setting)}`),
  ];
}

function verbOf({ hook }: Setting): string {
  return hook === 'pre-push' ? 'push' : 'commit';
}

/** In a run that only looks, what it would change stands in the way; else errors do. */
function linesOf(report: Report, { color }: Setting): readonly string[] {
  const paint = paintFor(color);
  const order = [...report.findings].sort((a, b) => Number(isError(b)) - Number(isError(a)));
  const changes = report.mode === 'check' ? report.changes : [];
  return [
    ...report.failures.flatMap((failure) => [showFailure(failure, paint), `  ${paint.dim(failure.nextStep)}`]),
    ...order.map((finding) => showFinding(finding, paint)),
    ...changes.map(({ path, tools }) => `${showPath(path)}  would be changed  ${paint.dim(tools.join(', '))}`),
  ];
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

function hasFixable({ mode, changes, findings }: Report): boolean {
  return mode === 'check' && (changes.length > 0 || findings.some(({ fixable }) => fixable === true));
}

function leftAlone(answer: HookAnswer, { color }: Setting): readonly string[] {
  const paint = paintFor(color);
  return answer.leftAlone.map(
    ({ path, reason }) => `  ${paint.yellow('!')} ${showPath(path)} was left as it is: ${reason}`,
  );
}
