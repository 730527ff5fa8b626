/** What happens to a command while it is at work, and when. */
import type { Random } from './random.js';

export type Trigger =
  | { readonly on: 'delay' }
  /** The so-manieth line of its output. */
  | { readonly on: 'line'; readonly number: number }
  | { readonly on: 'event'; readonly type: string; readonly nth: number }
  /** The first moment at which there is such a file. */
  | { readonly on: 'file'; readonly what: FileTrigger }
  /** Just before or after the hook does something to such a name; it waits meanwhile. */
  | { readonly on: 'moment'; readonly name: string; readonly nth: number };

/** `ready`: a new index that waits for its place; `index-lock`: git's own lock of the index. */
export type FileTrigger = 'lock' | 'journal' | 'mark' | 'temp' | 'ready' | 'index-lock';

/** Who is hit: the program that was started, its whole process group, or the hook that it has started. */
export type Receiver = 'process' | 'group' | 'hook';

export type Blow =
  | { readonly kind: 'kill'; readonly to: Receiver }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals; readonly to: Receiver };

export type Action =
  | Blow
  | { readonly kind: 'edit'; readonly edit: UserEdit }
  /** `git add`. */
  | { readonly kind: 'add'; readonly path: string }
  | { readonly kind: 'commit'; readonly commit: Commit };

/** `git commit`, beside whatever else is at work, and what happens to it meanwhile. */
export interface Commit {
  readonly how: 'staged' | 'all' | 'only';
  /** For `only`. */
  readonly paths: readonly string[];
  readonly where: Where;
  readonly disturbances: readonly Disturbance[];
}

/** The work tree of the scenario, or another one of the same repository. */
export type Where = 'here' | 'sibling';

export interface UserEdit {
  readonly path: string;
  readonly how: 'in-place' | 'by-rename' | 'create' | 'delete';
  /** In everything that the user writes, so that it can be found again. */
  readonly token: string;
}

export interface Disturbance {
  readonly trigger: Trigger;
  readonly afterMs: number;
  readonly action: Action;
}

export function drawDisturbances(random: Random, paths: readonly string[]): Disturbance[] {
  const kind = random.pick(['kill', 'kill', 'kill', 'kill', 'signal', 'signal', 'none', 'none']);
  const ends: Action[] = [];
  const kill = (): Blow => ({ kind: 'kill', to: random.chance(0.5) ? 'group' : 'process' });
  if (kind === 'kill') ends.push(kill());
  if (kind === 'signal') {
    const draw = (): Blow => ({
      kind: 'signal',
      signal: random.pick(['SIGINT', 'SIGTERM', 'SIGHUP']),
      to: random.chance(0.4) ? 'group' : 'process',
    });
    ends.push(draw());
    if (random.chance(0.25)) ends.push(random.chance(0.5) ? draw() : kill());
  }
  const edits = random.chance(0.4) ? drawEdits(random, paths) : [];
  return [...edits.map((edit) => at(random, { kind: 'edit', edit })), ...together(random, ends)];
}

/** What ends a command comes at one moment, and a second blow soon after the first. */
function together(random: Random, actions: readonly Action[]): Disturbance[] {
  const [first, ...rest] = actions;
  if (first === undefined) return [];
  const blow = at(random, first);
  return [blow, ...rest.map((action) => ({ ...blow, afterMs: blow.afterMs + random.between(1, 300), action }))];
}

export function drawEdits(random: Random, paths: readonly string[]): UserEdit[] {
  return random.some(paths, random.between(1, 3)).map((path) => {
    const token = `user${random.word()}`;
    const how = random.pick(['in-place', 'in-place', 'by-rename', 'by-rename', 'create', 'delete'] as const);
    return { path: how === 'create' ? `${token}.js` : path, how, token };
  });
}

const TYPES = [
  'step-started',
  'job-started',
  'job-finished',
  'answers-known',
  'snapshot-taken',
  'edits-applied',
  'edits-applied',
  'step-finished',
  'findings',
  'edits-taken-back',
  'run-finished',
];

export function at(random: Random, action: Action): Disturbance {
  const soon = random.chance(0.5) ? 0 : random.between(0, 40);
  switch (random.below(8)) {
    case 0:
    case 1:
      return { trigger: { on: 'delay' }, afterMs: random.between(0, 3000), action };
    case 2:
      return { trigger: { on: 'line', number: random.between(1, 35) }, afterMs: soon, action };
    case 3:
    case 4:
      return {
        trigger: { on: 'event', type: random.pick(TYPES), nth: random.pick([1, 1, 2, 3]) },
        afterMs: random.chance(0.6) ? soon : random.between(0, 400),
        action,
      };
    default:
      return {
        trigger: { on: 'file', what: random.pick(['lock', 'journal', 'journal', 'mark', 'mark', 'temp', 'temp']) },
        afterMs: random.chance(0.6) ? random.between(0, 25) : soon,
        action,
      };
  }
}
