/** What a run has come to, read from the reports that it wrote. */
import { readTextIfThere } from '../host/disk.js';
import type { Report } from '../model/report.js';
import { count, lands } from '../reporters/text.js';
import type { Inputs } from './inputs.js';
import { type Problem, problemsIn } from './problems.js';
import type { QualityEnd } from './run-quality.js';

export interface Outcome {
  /** null: there is none that can be read. */
  readonly report: Report | null;
  /** Worst first. */
  readonly problems: readonly Problem[];
  readonly exitCode: number | null;
  readonly markdown: string;
}

export async function readOutcome({ exitCode, reports }: QualityEnd): Promise<Outcome> {
  const [json, sarif, markdown] = await Promise.all(
    ['json', 'sarif', 'markdown'].map((format) => readTextIfThere(reports[format] ?? '')),
  );
  const report = json === null || json === undefined ? null : (parsed(json) as Report | null);
  const problems = sarif === null || sarif === undefined ? null : problemsIn(parsed(sarif));
  return {
    report: report?.version === 1 && problems !== null ? report : null,
    problems: problems ?? [],
    exitCode,
    markdown: markdown ?? '',
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const BROKEN = new Set(['failed', 'interrupted', 'unfinished']);
const LEVELS = { error: ['error'], warning: ['error', 'warning'], info: ['error', 'warning', 'note'] } as const;

/** Why the step fails; null when it does not. What kept the run from its work fails it whatever was asked for. */
export function whyFailed({ report, problems, exitCode }: Outcome, failOn: Inputs['failOn']): string | null {
  if (exitCode === null) return 'quality was stopped or could not be started';
  if (report === null) return `quality ended with exit code ${exitCode} and no report; see the log`;
  if (![0, 1, 4].includes(exitCode)) return `quality ended with exit code ${exitCode}; see the log`;
  if (BROKEN.has(report.status)) return 'quality could not do all of its work; see the log';
  if (failOn === 'never') return null;
  if (exitCode !== 0) return wordsOf(report, problems) || `quality ended with exit code ${exitCode}; see the log`;
  const levels: readonly string[] = LEVELS[failOn];
  return problems.some(({ level }) => levels.includes(level))
    ? `${count(problems.length, 'finding')}, and fail-on is ${failOn}`
    : null;
}

function wordsOf({ status, changes, mode }: Report, problems: readonly Problem[]): string {
  const errors = problems.filter(({ level }) => level === 'error').length;
  return [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(changes.length > 0 && !lands(mode) ? [`${count(changes.length, 'file')} would be changed`] : []),
    ...(status === 'regression' ? ['edits that would have made things worse were not kept'] : []),
  ].join(', ');
}
