/** One scenario, drawn from its seed: a repository, a command, what happens to it, and what is done afterwards. */
import { type Content, type PlannedFile, drawContent, drawPath } from './contents.js';
import { type Disturbance, drawDisturbances } from './disturbances.js';
import { type Committing, drawCommits, drawCommitting, withStagedWorkflow } from './draw-commits.js';
import { type Order, drawOrder } from './order.js';
import { type Random, createRandom } from './random.js';

/** What a person does in the end to have everything back. */
export type Finale = 'nothing' | 'rollback' | 'rollback --snapshot' | 'restore-by-hand';

export type Head = 'branch' | 'unborn' | 'detached' | 'none';

export interface Scenario {
  readonly seed: number;
  readonly head: Head;
  readonly linkedWorktree: boolean;
  readonly sha256: boolean;
  readonly stash: boolean;
  readonly autocrlf: 'true' | 'input' | 'false';
  readonly files: readonly PlannedFile[];
  /** Folder of the repository that is the target; '' is its top. */
  readonly below: string;
  /** Folder that the command is called in; without a config of its own it is no target. */
  readonly calledIn: string;
  /** A merge is under way: nothing may be written. */
  readonly merging: boolean;
  readonly order: Order;
  readonly disturbances: readonly Disturbance[];
  /** Commands that come after; all but the last are killed after so many milliseconds. */
  readonly next: readonly { readonly args: readonly string[]; readonly killAfterMs?: number }[];
  readonly finale: Finale;
  /** A rollback is killed after so many milliseconds, and asked for again; null: it is left in peace. */
  readonly finaleKilledAfterMs: number | null;
  /** null: nobody commits. */
  readonly committing: Committing | null;
}

const FINALES: readonly Finale[] = [
  'nothing',
  'nothing',
  'nothing',
  'rollback',
  'rollback --snapshot',
  'restore-by-hand',
];

export function drawScenario(seed: number): Scenario {
  const alone = drawAlone(seed);
  // Apart from what is drawn for the command alone.
  const random = createRandom(seed ^ COMMITTING);
  const { head, merging, below, calledIn } = alone;
  const fits = head !== 'none' && !merging && below === '' && calledIn === '';
  return fits && random.chance(COMMITTING_SHARE) ? withCommits(random, alone) : alone;
}

const COMMITTING = 0x636f_6d6d;
const COMMITTING_SHARE = 0.35;

function withCommits(random: Random, alone: Scenario): Scenario {
  const committing = drawCommitting(random, alone.head !== 'unborn');
  const order = withStagedWorkflow(alone.order, committing);
  const mayBlock = alone.seed % 7 === 0;
  const others = alone.files.filter((file) => file.path !== CONFIG && (mayBlock || !blocks(file)));
  const files = [...others, ...committing.files, ...configOf(order, '')];
  const commits = drawCommits(random, committing, editablePaths(files));
  const finale = random.chance(0.2) ? 'rollback' : 'nothing';
  return {
    ...alone,
    sha256: false,
    files,
    order,
    disturbances: [...alone.disturbances, ...commits],
    finale,
    finaleKilledAfterMs: drawKill(random, finale),
    committing,
  };
}

/** Where it is staged, no commit comes about. */
function blocks({ committed, staged }: PlannedFile): boolean {
  return staged !== committed && staged?.bytes.includes('const broken') === true;
}

function drawAlone(seed: number): Scenario {
  const random = createRandom(seed);
  const head: Head = random.pick(['branch', 'branch', 'branch', 'branch', 'unborn', 'detached', 'none']);
  const below = random.chance(0.12) ? 'src' : '';
  const files = drawFiles(random, head);
  const order = drawOrder(random, workingPaths(files), below);
  const disturbances = drawDisturbances(random, editablePaths(files));
  const linkedWorktree = head === 'branch' && random.chance(0.1);
  // A folder that is called in, and is no target of its own, means just what is in it; there must be something.
  const calledIn = below === '' && (head !== 'none' || order.config !== null) && random.chance(0.1) ? 'src' : below;
  const there = calledIn === below ? [] : [fixed('src/here.js', 'export const here   = 1\n')];
  const edited = disturbances.some(({ action }) => action.kind === 'edit');
  const drawn: Omit<Scenario, 'finaleKilledAfterMs'> = {
    seed,
    committing: null,
    head,
    linkedWorktree,
    sha256: random.chance(0.07),
    stash: head === 'branch' && random.chance(0.2),
    autocrlf: random.pick(['false', 'false', 'true', 'input']),
    files: [...files, ...there, ...settings(random, order, below)],
    below,
    calledIn,
    merging: head === 'branch' && !linkedWorktree && random.chance(0.05),
    order,
    disturbances,
    next: drawNext(random),
    finale: edited ? 'nothing' : random.pick(FINALES),
  };
  return { ...drawn, finaleKilledAfterMs: drawKill(random, drawn.finale) };
}

function drawKill(random: Random, finale: Finale): number | null {
  return finale.startsWith('rollback') && random.chance(0.5) ? random.between(150, 900) : null;
}

function workingPaths(files: readonly PlannedFile[]): string[] {
  return files.flatMap((file) => (file.work === null || file.work.link !== undefined ? [] : file.path));
}

function editablePaths(files: readonly PlannedFile[]): string[] {
  return workingPaths(files).filter((path) => /\.(?:[jt]s|mjs|css|md)$/.test(path));
}

const MODES = [0o644, 0o644, 0o644, 0o644, 0o644, 0o755, 0o600, 0o664, 0o444];

function drawFiles(random: Random, head: Head): PlannedFile[] {
  const count = random.between(4, 30);
  const files = Array.from({ length: count }, (_, number) => drawFile(random, number, head));
  const a = fixed('a.js', 'export const a = 1;\nexport const b = 2;\n');
  const links = random.some(LINKS, random.below(4)).map(([path, link]) => fixed(path, '', link));
  return [a, ...files, ...links];
}

const LINKS: readonly (readonly [string, string])[] = [
  ['link-in.js', 'a.js'],
  ['link-folder', 'src'],
  ['link-out.js', '../outside.js'],
  ['link-out-folder', '..'],
  ['link-nowhere.js', 'no/such/file.js'],
  ['link-loop.js', 'link-loop.js'],
];

function fixed(path: string, text: string, link?: string): PlannedFile {
  const content = { bytes: Buffer.from(text), mode: 0o644, ...(link === undefined ? {} : { link }) };
  return { path, committed: content, staged: content, work: content };
}

function drawFile(random: Random, number: number, head: Head): PlannedFile {
  const path = drawPath(random, number);
  const draw = (): Content => ({ bytes: drawContent(random, path), mode: random.pick(MODES) });
  const content = draw();
  const absent = { path, committed: null, staged: null };
  if (head === 'none') return { ...absent, work: content };
  const states: readonly (() => PlannedFile)[] = [
    ...Array.from({ length: 8 }, () => () => ({ path, committed: content, staged: content, work: content })),
    () => ({ path, committed: content, staged: content, work: draw() }),
    () => ({ path, committed: content, staged: draw(), work: draw() }),
    () => ({ path, committed: content, staged: content, work: null }),
    () => ({ path, committed: content, staged: null, work: null }),
    () => ({ path, committed: content, staged: null, work: draw() }),
    () => ({ path, committed: null, staged: content, work: content }),
    () => ({ ...absent, work: content }),
    () => ({ ...absent, work: content }),
    () => ({ ...absent, work: content, intentToAdd: true }),
    () => ({ ...absent, path: `ignored/${path}`, work: content }),
  ];
  return random.pick(states)();
}

const ATTRIBUTES = [
  '* text=auto\n',
  '*.js text eol=crlf\n*.ts text eol=lf\n',
  '* -text\n',
  '*.css filter=upper\n',
  '*.md ident\n',
  '*.ts linguist-generated\n',
];

/** The files that say what the tools are to do. */
function settings(random: Random, order: Order, below: string): PlannedFile[] {
  return [
    ...(random.chance(0.85) ? [fixed('.prettierrc', '{ "singleQuote": true }\n')] : []),
    ...(random.chance(0.4) ? [fixed('.gitattributes', random.pick(ATTRIBUTES))] : []),
    fixed('.gitignore', 'ignored/\n*.log\n'),
    ...configOf(order, below),
  ];
}

const CONFIG = '.quality-config.json';

function configOf({ config }: Order, below: string): PlannedFile[] {
  if (config === null) return [];
  return [fixed(`${below === '' ? '' : `${below}/`}${CONFIG}`, `${JSON.stringify(config, null, 2)}\n`)];
}

const NEXT: readonly (readonly string[])[] = [['runs'], ['run', '--check'], ['recover'], ['verify'], ['diff']];

function drawNext(random: Random): Scenario['next'] {
  const last = { args: random.pick(NEXT) };
  if (!random.chance(0.15)) return [last];
  return [{ args: random.pick(NEXT), killAfterMs: random.between(80, 700) }, last];
}
