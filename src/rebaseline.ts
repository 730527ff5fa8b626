/** Writing the baseline, and holding a project against it. All of the project is verified for that; nothing else is written. */
import { entriesFor, loadBaseline, recognise } from './baseline.js';
import { join } from './host/paths.js';
import { putFile } from './host/put-file.js';
import { BASELINE_FILE, type BaselineEntry, baselineText, canBeKnown } from './model/baseline.js';
import type { Diagnostic } from './model/diagnostic.js';
import type { Failure, FailureKind } from './model/failure.js';
import { type Result, failed, success } from './model/result.js';
import { type Hooks, run } from './run.js';
import { findTarget } from './target.js';

export interface BaselineRequest {
  readonly cwd: string;
  /** Whose findings it is about; what `verify` finds when absent. */
  readonly workflow?: string;
  /** Write it anew; let it grow. */
  readonly force?: boolean;
}

export interface BaselineChange {
  /** Findings that are in it now. */
  readonly size: number;
  /** What it had, and no finding answers to any more. */
  readonly gone: readonly BaselineEntry[];
  /** Findings that it does not know. */
  readonly fresh: readonly Diagnostic[];
}

type Changed = Result<BaselineChange, readonly Failure[]>;

export async function createBaseline(request: BaselineRequest, hooks: Hooks = {}): Promise<Changed> {
  const looked = await look(request, hooks, (baseline) =>
    baseline === null || request.force === true ? success(null) : failed(ALREADY),
  );
  if (!looked.ok) return looked;
  const { root, findings } = looked.value;
  const silent = findings.filter((finding) => !canBeKnown(finding));
  const broken = silent.filter(({ severity }) => severity === 'error');
  if (broken.length > 0) return failed(broken.map(asFailure));
  const entries = entriesFor(findings.filter(canBeKnown), root);
  await putFile(join(root, BASELINE_FILE), baselineText(entries));
  return success({ size: entries.length, gone: [], fresh: silent });
}

/** What such a tool would have found would be missing. */
function asFailure({ tool, rule, message, path }: Diagnostic): Failure {
  return { kind: rule as FailureKind, tool, message, ...(path === null ? {} : { path }) };
}

const ALREADY: Failure = {
  kind: 'usage',
  message: `There is a baseline already: ${BASELINE_FILE}`,
  next: '`quality baseline update` drops what no longer occurs; with `create --force` it is written anew.',
};

/** Drops what no longer occurs and follows what has moved; new findings are only added when forced. */
export async function updateBaseline(request: BaselineRequest, hooks: Hooks = {}): Promise<Changed> {
  const compared = await compare(request, hooks);
  if (!compared.ok) return compared;
  const { root, known, fresh, left, gone } = compared.value;
  const added = request.force === true ? fresh.filter(canBeKnown) : [];
  const entries = [...entriesFor([...known, ...added], root), ...left.filter((entry) => !gone.includes(entry))];
  await putFile(join(root, BASELINE_FILE), baselineText(entries));
  return success({ size: entries.length, gone, fresh: fresh.filter((finding) => !added.includes(finding)) });
}

export async function checkBaseline(request: BaselineRequest, hooks: Hooks = {}): Promise<Changed> {
  const compared = await compare(request, hooks);
  if (!compared.ok) return compared;
  const { baseline, fresh, gone } = compared.value;
  return success({ size: baseline.length, gone, fresh });
}

interface Looked<T> {
  readonly root: string;
  readonly baseline: T;
  /** All that was found, whether the baseline knows it or not. */
  readonly findings: readonly Diagnostic[];
}

/** Looks at all of the project, where what it has of a baseline is what is wanted. */
async function look<T>(
  request: BaselineRequest,
  hooks: Hooks,
  wanted: (baseline: readonly BaselineEntry[] | null) => Result<T>,
): Promise<Result<Looked<T>, readonly Failure[]>> {
  const target = await findTarget(request.cwd);
  if (!target.ok) return failed([target.failure]);
  const { root } = target.value;
  const loaded = await loadBaseline(root);
  const baseline = loaded.ok ? wanted(loaded.value) : loaded;
  if (!baseline.ok) return failed([baseline.failure]);
  const { workflow } = request;
  const what = workflow === undefined ? { only: ['verify'] } : { workflow };
  const result = await run({ cwd: root, mode: 'check', ...what }, hooks);
  if (!result.ok) return result;
  const { report } = result.value;
  if (report.failures.length > 0) return failed(report.failures);
  if (report.status === 'interrupted')
    return failed([{ kind: 'interrupted', message: 'Stopped; nothing was written' }]);
  return success({ root, baseline: baseline.value, findings: [...report.findings, ...report.known] });
}

interface Compared extends Looked<readonly BaselineEntry[]> {
  readonly known: readonly Diagnostic[];
  readonly fresh: readonly Diagnostic[];
  /** Entries that no finding answers to; `gone` those of them that could have been found. */
  readonly left: readonly BaselineEntry[];
  readonly gone: readonly BaselineEntry[];
}

async function compare(request: BaselineRequest, hooks: Hooks): Promise<Result<Compared, readonly Failure[]>> {
  const looked = await look(request, hooks, (baseline) => (baseline === null ? failed(NONE) : success(baseline)));
  if (!looked.ok) return looked;
  const { root, findings, baseline } = looked.value;
  const { known, left } = recognise(findings, root, baseline);
  return success({
    ...looked.value,
    known: findings.filter((_, at) => known[at]),
    fresh: findings.filter((_, at) => known[at] !== true),
    left,
    gone: left.filter(couldBeFound(findings)),
  });
}

const NONE: Failure = {
  kind: 'usage',
  message: `There is no baseline here: no ${BASELINE_FILE}`,
  next: '`quality baseline create` writes one.',
};

/** A tool that is missing or has crashed, and one that cannot read a file, says nothing of what is in the baseline. */
function couldBeFound(findings: readonly Diagnostic[]): (entry: BaselineEntry) => boolean {
  const silent = new Set(
    findings.filter((finding) => !canBeKnown(finding) || isOfProgram(finding)).map(({ tool }) => tool),
  );
  const broken = new Set(findings.filter(isUnreadable).map(({ path }) => path));
  return (entry) => !silent.has(entry.tool) && (isUnreadable(entry) || !broken.has(entry.path));
}

/** Tools have no rule for a file that they cannot parse. */
function isUnreadable({ rule, path }: Pick<Diagnostic, 'rule' | 'path'>): boolean {
  return path !== null && (rule === null || rule === 'syntax-error' || rule === 'parse');
}

/** After an error of syntax tsc looks for no errors of types, in no file. */
function isOfProgram({ rule, known }: Diagnostic): boolean {
  return known === undefined && /^TS1\d{3}$/.test(rule ?? '');
}
