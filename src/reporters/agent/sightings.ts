/** Findings without repetition: what a tool says in the same words of several places of a file is one line. */
import { type Diagnostic, type Position, type Severity, compareText } from '../../model/diagnostic.js';
import type { RunState } from '../../model/run-state.js';
import { readable } from '../characters.js';
import { type Problem, problemsOf, ruleIdOf } from '../problems.js';
import { groupBy, lands, showPath } from '../text.js';

export interface Sighting {
  readonly severity: Severity;
  /** `eslint/no-undef` */
  readonly rule: string;
  readonly message: string;
  readonly path: string | null;
  readonly places: readonly Position[];
  /** `quality format`; null where nothing here mends it. */
  readonly fix: string | null;
  /** Why it is not mended although its tool says that it could be. */
  readonly unfixed: string | null;
  readonly findings: readonly Diagnostic[];
}

const RANKS: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** The worst first, then by path and place. */
export function sightingsOf(state: RunState): readonly Sighting[] {
  const all = problemsOf(state).map((problem) => ({ problem, ...mendingOf(problem, state) }));
  const groups = groupBy(all, ({ problem: { finding }, fix, unfixed }) =>
    JSON.stringify([finding.severity, finding.path, ruleIdOf(finding), messageOf(finding), fix, unfixed]),
  );
  return groups
    .flatMap((group): Sighting[] => {
      const [first] = group;
      if (first === undefined) return [];
      const findings = group.map(({ problem }) => problem.finding);
      const { severity, path } = first.problem.finding;
      return [
        {
          severity,
          rule: ruleIdOf(first.problem.finding),
          message: messageOf(first.problem.finding),
          path,
          places: findings.flatMap(({ start }) => start ?? []),
          fix: first.fix,
          unfixed: first.unfixed,
          findings,
        },
      ];
    })
    .sort((a, b) => RANKS[a.severity] - RANKS[b.severity] || comparePlaces(a, b));
}

/** Within a file as its lines go; what is of the file as a whole comes first. */
function comparePlaces(a: Sighting, b: Sighting): number {
  const byPath = compareText(a.path ?? '', b.path ?? '');
  return byPath || (a.places[0]?.line ?? 0) - (b.places[0]?.line ?? 0) || compareText(a.rule, b.rule);
}

type Mending = Pick<Sighting, 'fix' | 'unfixed'>;

function mendingOf({ finding, edit }: Problem, state: RunState): Mending {
  if (finding.fixable !== true) return { fix: null, unfixed: null };
  if (edit !== null) return { fix: commandFor(edit.path, state), unfixed: null };
  const refused = state.refused.find(({ path }) => path === finding.path);
  if (refused !== undefined) return { fix: null, unfixed: `its fix was not kept: ${refused.reason}` };
  const wrote = [...state.steps.values()].some(({ effect }) => effect === 'writes');
  if (!wrote && !lands(state.mode)) return { fix: 'quality run', unfixed: null };
  if (!wrote) return { fix: 'quality format', unfixed: null };
  return { fix: null, unfixed: `${finding.tool} could fix it, this workflow does not` };
}

/** The commands of the steps that would change the file. */
function commandFor(path: string, { edits, steps }: RunState): string {
  const ids = edits.filter((edit) => edit.path === path).map(({ step }) => step);
  const commands = [...new Set(ids.map((id) => steps.get(id)?.command ?? 'run'))];
  const [only = 'run'] = commands;
  return commands.length === 1 && SHORTCUTS.has(only) ? `quality ${only}` : `quality run --only ${commands.join(',')}`;
}

/** Commands that are subcommands as well. */
const SHORTCUTS: ReadonlySet<string> = new Set(['format', 'cleanup', 'dedupe', 'run']);

const LONGEST_MESSAGE = 240;
const MOST_PLACES = 5;

function messageOf({ message }: Diagnostic): string {
  const line = readable(message).replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}

/** Those that are the same but for the file, from this many files on. */
const MANY_FILES = 4;

/** In order of first appearance. */
export function sameInManyFiles(sightings: readonly Sighting[]): readonly (readonly Sighting[])[] {
  const groups = groupBy(sightings, ({ severity, rule, message, fix, unfixed }) =>
    JSON.stringify([severity, rule, message, fix, unfixed]),
  );
  const apart = new Map(groups.map((group) => [group[0], group]));
  const together = new Set(groups.filter(({ length }) => length >= MANY_FILES).flatMap((group) => group.slice(1)));
  return sightings.flatMap((one) => {
    if (together.has(one)) return [];
    const group = apart.get(one);
    return [group !== undefined && group.length >= MANY_FILES ? group : [one]];
  });
}

const MOST_FILES = 3;

/** `error src/a.ts:3:5,9:1 eslint/no-undef 'foo' is not defined [quality format]` */
export function showSightings(group: readonly Sighting[]): string {
  const [first] = group;
  if (first === undefined) return '';
  const { severity, rule, message, fix, unfixed } = first;
  const note = fix ?? unfixed;
  const more = group.length > MOST_FILES ? ` (and ${String(group.length - MOST_FILES)} more files)` : '';
  const places = `${group.slice(0, MOST_FILES).map(placesOf).join(' ')}${more}`;
  return `${severity} ${places} ${rule} ${message}${note === null ? '' : ` [${note}]`}`;
}

export function showSighting(sighting: Sighting): string {
  return showSightings([sighting]);
}

function placesOf({ path, places, findings }: Sighting): string {
  if (path === null) return '(project)';
  const shown = places.slice(0, MOST_PLACES).map(({ line, column }) => `${String(line)}:${String(column)}`);
  const rest = findings.length - Math.max(1, shown.length);
  const more = rest > 0 ? ` (and ${String(rest)} more places)` : '';
  return `${showPath(path)}${shown.length === 0 ? '' : `:${shown.join(',')}`}${more}`;
}
