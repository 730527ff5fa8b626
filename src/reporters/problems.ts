/** What other programs are told to be wrong: findings in the tree as it stands, and what kept the run from finding more. */
import { createHash } from 'node:crypto';
import { type Diagnostic, compareDiagnostics, fingerprintOf } from '../model/diagnostic.js';
import type { EditRecord } from '../model/edit.js';
import { type RunState, netEdits } from '../model/run-state.js';
import type { Side } from './format.js';
import { lands } from './text.js';

export interface Problem {
  readonly finding: Diagnostic;
  /** The content that its lines and columns count in. */
  readonly side: Side;
  /** Another one for each problem of a run, the same from run to run. */
  readonly fingerprint: string;
  /** What the run would have done to the file, for a finding that is mended by it. */
  readonly edit: EditRecord | null;
}

type Unmarked = Omit<Problem, 'fingerprint'>;

/** New ones only, unless `known` ones are asked for as well. */
export function problemsOf(state: RunState, known: 'known' | null = null): readonly Problem[] {
  const { findings, side } = verifiedInTree(state);
  const accepted = known === null ? [] : [...state.known, ...state.extraKnown];
  const edits = new Map(side === 'before' ? netEdits(state.edits).map((edit) => [edit.path, edit]) : []);
  const mended = ({ fixable, path }: Diagnostic): EditRecord | null =>
    fixable === true ? (edits.get(path ?? '') ?? null) : null;
  const found = findings.map((finding): Unmarked => ({ finding, side, edit: mended(finding) }));
  const others = state.extraFindings.map((finding): Unmarked => ({ finding, side, edit: null }));
  const old = accepted.map((finding): Unmarked => ({ finding, side, edit: null }));
  const troubles = troublesOf(state).map((finding): Unmarked => ({ finding, side, edit: null }));
  return marked([...found, ...silentChanges(state, findings), ...others, ...old, ...troubles]);
}

/** A run that wrote nothing, or took back what it wrote, has left everything that it found at first. */
function verifiedInTree(state: RunState): { readonly findings: readonly Diagnostic[]; readonly side: Side } {
  const isAsBefore = !lands(state.mode) || state.end === null || netEdits(state.edits).length === 0;
  const findings = isAsBefore ? (state.firstFindings ?? state.findings) : state.findings;
  return { findings: findings ?? [], side: isAsBefore ? 'before' : 'after' };
}

/** What a check would change although no finding says so. */
function silentChanges(state: RunState, findings: readonly Diagnostic[]): Unmarked[] {
  if (lands(state.mode)) return [];
  const told = new Set(findings.flatMap(({ path, fixable }) => (fixable === true && path !== null ? [path] : [])));
  return netEdits(state.edits)
    .filter(({ path, known }) => known !== true && !told.has(path))
    .map((edit) => ({
      finding: {
        tool: 'quality',
        rule: 'would-change',
        severity: 'error',
        message: `${edit.tools.join(', ')} would change this file`,
        path: edit.path,
        fixable: true,
      },
      side: 'before',
      edit,
    }));
}

/** Nothing fails open: a report of a run that could not do its work never looks like one that found nothing. */
function troublesOf({ failures, end }: RunState): Diagnostic[] {
  const told = failures.map(({ failure }): Diagnostic => ({
    tool: 'quality',
    rule: failure.kind,
    severity: 'error',
    message: failure.message,
    path: failure.path ?? null,
  }));
  const cutOff: Diagnostic = {
    tool: 'quality',
    rule: 'unfinished',
    severity: 'error',
    message: 'The run did not come to its end: there may be more than what it had found until then',
    path: null,
  };
  return end === null || end.status === 'interrupted' ? [...told, cutOff] : told;
}

function marked(problems: readonly Unmarked[]): readonly Problem[] {
  const seen = new Map<string, number>();
  return [...problems]
    .sort((a, b) => compareDiagnostics(a.finding, b.finding))
    .map((problem) => {
      const same = fingerprintOf(problem.finding);
      const number = (seen.get(same) ?? 0) + 1;
      seen.set(same, number);
      return { ...problem, fingerprint: `${digest(same)}:${String(number)}` };
    });
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** `eslint/no-undef`, `prettier` */
export function ruleIdOf({ tool, rule }: Pick<Diagnostic, 'tool' | 'rule'>): string {
  return rule === null ? tool : `${tool}/${rule}`;
}
