import type { Measures } from './analysis.js';
import { type Diagnostic, compareDiagnostics, compareText } from './diagnostic.js';
import type { Effect, RunMode } from './command.js';
import type { EditRecord } from './edit.js';
import type { Event, EventOf, RunStatus, StepStatus } from './event.js';
import type { Failure } from './failure.js';
import type { LoadReading } from './load.js';
import { unreachable } from './result.js';

export interface StepState {
  readonly step: string;
  readonly command: string;
  readonly effect: Effect;
  readonly status: 'waiting' | 'running' | StepStatus;
  readonly milliseconds: number;
  readonly reason?: string;
  readonly files: number;
  readonly jobs: number;
  readonly known: number;
}

/** What is known of a run at one point of its log: the fold of all its events so far. */
export interface RunState {
  readonly run: string;
  readonly version: string;
  readonly root: string;
  readonly workflow: string;
  readonly mode: RunMode;
  /** The commit that findings are compared with; null where all of them count. */
  readonly base: { readonly ref: string; readonly commit: string } | null;
  readonly startedAt: number;
  readonly files: number;
  /** Of these files; null where the log does not say. */
  readonly bytes: number | null;
  readonly strategy: string;
  readonly parallel: number;
  /** The newest reading of the machine. */
  readonly load: LoadReading | null;
  readonly steps: ReadonlyMap<string, StepState>;
  /** Findings of the first step that verified, and of the last one. */
  readonly firstFindings: readonly Diagnostic[] | null;
  readonly findings: readonly Diagnostic[] | null;
  /** Findings of other steps than verify: clones, commands of one's own. */
  readonly extraFindings: readonly Diagnostic[];
  /** Of the last verify and of other steps: those that the baseline knows. They are in none of the lists above. */
  readonly known: readonly Diagnostic[];
  readonly extraKnown: readonly Diagnostic[];
  readonly edits: readonly (EditRecord & { readonly step: string })[];
  readonly written: boolean;
  readonly refused: readonly EventOf<'edit-refused'>[];
  readonly takenBack: readonly EventOf<'edits-taken-back'>[];
  readonly regressions: readonly Diagnostic[];
  readonly failures: readonly { readonly step: string | null; readonly failure: Failure }[];
  readonly notices: readonly string[];
  readonly snapshot: { readonly ref: string; readonly commit: string; readonly restore: readonly string[] } | null;
  readonly analysis: Measures | null;
  readonly end: { readonly status: RunStatus; readonly exitCode: number; readonly milliseconds: number } | null;
  /** What it wrote was brought back later. */
  readonly rolledBack: EventOf<'rolled-back'> | null;
}

export const EMPTY_RUN: RunState = {
  run: '',
  version: '',
  root: '',
  workflow: '',
  mode: 'write',
  base: null,
  startedAt: 0,
  files: 0,
  bytes: null,
  strategy: '',
  parallel: 1,
  load: null,
  steps: new Map(),
  firstFindings: null,
  findings: null,
  extraFindings: [],
  known: [],
  extraKnown: [],
  edits: [],
  written: false,
  refused: [],
  takenBack: [],
  regressions: [],
  failures: [],
  notices: [],
  snapshot: null,
  analysis: null,
  end: null,
  rolledBack: null,
};

export function foldEvents(events: Iterable<Event>): RunState {
  let state = EMPTY_RUN;
  for (const event of events) state = foldEvent(state, event);
  return state;
}

// One case for each event is the point of this function: its length is the size of the union.
// eslint-disable-next-line complexity
export function foldEvent(state: RunState, event: Event): RunState {
  switch (event.type) {
    case 'run-started':
      return {
        ...state,
        run: event.run,
        version: event.version,
        root: event.root,
        workflow: event.workflow,
        mode: event.mode,
        base: event.base ?? null,
        startedAt: event.at,
      };
    case 'plan-made':
      return {
        ...state,
        files: event.files,
        bytes: event.bytes ?? null,
        strategy: event.strategy,
        parallel: event.parallel,
        steps: waitingSteps(event),
      };
    case 'limit-changed':
      return { ...state, parallel: event.limit };
    case 'load-read':
      return { ...state, load: event };
    case 'precaution-passed':
      return state;
    case 'snapshot-taken':
      return { ...state, snapshot: { ref: event.ref, commit: event.commit, restore: event.restore } };
    case 'step-started':
      return withStep(state, event.step, () => ({ status: 'running', files: event.files }));
    case 'step-finished':
      return withStep(state, event.step, () => ({
        status: event.status,
        milliseconds: event.milliseconds,
        ...(event.reason === undefined ? {} : { reason: event.reason }),
      }));
    case 'job-started':
    case 'job-retried':
      return state;
    case 'job-finished':
      return withStep(state, event.step, (step) => ({ jobs: step.jobs + 1 }));
    case 'answers-known':
      return withStep(state, event.step, (step) => ({ known: step.known + event.files }));
    case 'findings':
      return event.of === 'verify' ? withFindings(state, event.diagnostics) : withMore(state, event.diagnostics);
    case 'analysis':
      return { ...state, analysis: event.analysis };
    case 'edits-applied':
      return {
        ...state,
        written: state.written || event.written,
        edits: [...state.edits, ...event.edits.map((edit) => ({ ...edit, step: event.step }))],
      };
    case 'edit-refused':
      return { ...state, refused: [...state.refused, event] };
    case 'edits-taken-back':
      return { ...state, takenBack: [...state.takenBack, event], edits: withoutTakenBack(state.edits, event) };
    case 'gate-judged':
      return { ...state, regressions: [...state.regressions, ...event.fresh] };
    case 'failure':
      return { ...state, failures: [...state.failures, { step: event.step, failure: event.failure }] };
    case 'notice':
      return { ...state, notices: [...state.notices, event.message] };
    case 'run-finished':
      return { ...state, end: { status: event.status, exitCode: event.exitCode, milliseconds: event.milliseconds } };
    case 'rolled-back':
      return { ...state, rolledBack: event };
    default:
      return unreachable(event);
  }
}

function waitingSteps(event: EventOf<'plan-made'>): ReadonlyMap<string, StepState> {
  return new Map(
    event.steps.map(({ step, command, effect }) => [
      step,
      { step, command, effect, status: 'waiting', milliseconds: 0, files: 0, jobs: 0, known: 0 },
    ]),
  );
}

function withStep(state: RunState, id: string, change: (step: StepState) => Partial<StepState>): RunState {
  const step = state.steps.get(id) ?? {
    step: id,
    command: id,
    effect: 'reads',
    status: 'waiting',
    milliseconds: 0,
    files: 0,
    jobs: 0,
    known: 0,
  };
  return { ...state, steps: new Map(state.steps).set(id, { ...step, ...change(step) }) };
}

function withFindings(state: RunState, diagnostics: readonly Diagnostic[]): RunState {
  const sorted = [...diagnostics].sort(compareDiagnostics);
  const findings = sorted.filter(isNew);
  return { ...state, firstFindings: state.firstFindings ?? findings, findings, known: sorted.filter(isKnown) };
}

function withMore(state: RunState, diagnostics: readonly Diagnostic[]): RunState {
  const { extraFindings, extraKnown } = state;
  return {
    ...state,
    extraFindings: [...extraFindings, ...diagnostics.filter(isNew)],
    extraKnown: [...extraKnown, ...diagnostics.filter(isKnown)],
  };
}

const isKnown = ({ known }: Diagnostic): boolean => known !== undefined;
const isNew = (finding: Diagnostic): boolean => !isKnown(finding);

function withoutTakenBack(edits: RunState['edits'], event: EventOf<'edits-taken-back'>): RunState['edits'] {
  const gone = new Set(event.edits.map((edit) => `${edit.path}\0${String(edit.after)}`));
  return edits.filter((edit) => edit.step !== event.step || !gone.has(`${edit.path}\0${String(edit.after)}`));
}

function recordOf({ path, before, after, modes, link, tools, known }: EditRecord): EditRecord {
  return {
    ...{ path, before, after, modes, tools },
    ...(link === undefined ? {} : { link }),
    ...(known === undefined ? {} : { known }),
  };
}

/** What the run changed in the end, a line for each file: from the first content and mode to the last; sorted by path. */
export function netEdits(edits: RunState['edits']): readonly EditRecord[] {
  const net = new Map<string, EditRecord>();
  for (const edit of edits) {
    const { path, after, modes, tools } = edit;
    const { known, ...first } = net.get(path) ?? recordOf(edit);
    const both = { before: first.modes.before, after: modes.after };
    const isKnown = known === true && edit.known === true;
    const all = [...new Set([...first.tools, ...tools])];
    net.set(path, { ...first, after, modes: both, tools: all, ...(isKnown ? { known } : {}) });
  }
  return [...net.values()]
    .filter(({ before, after, modes }) => before !== after || modes.before !== modes.after)
    .sort((a, b) => compareText(a.path, b.path));
}
