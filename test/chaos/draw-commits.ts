/** Commits that go on beside the command: how, where, what happens to them; and the files that make them worth while. */
import type { Content, PlannedFile } from './contents.js';
import { type Action, type Blow, type Disturbance, type Receiver, type Where, at, drawEdits } from './disturbances.js';
import type { Order } from './order.js';
import type { Random } from './random.js';

/** The repository has the hook, and people commit. */
export interface Committing {
  /** There is a second work tree. */
  readonly sibling: boolean;
  readonly runIn: Where;
  /** The hook runs formatters alone: what it makes of a file can be foretold. */
  readonly formatOnly: boolean;
  /** Of both work trees. */
  readonly files: readonly PlannedFile[];
}

export function drawCommitting(random: Random, isBorn: boolean): Committing {
  const sibling = isBorn && random.chance(0.5);
  return {
    sibling,
    runIn: sibling && random.chance(0.5) ? 'sibling' : 'here',
    formatOnly: random.chance(0.6),
    files: Array.from({ length: random.between(4, 9) }, (_, number) => drawFile(random, number, isBorn)),
  };
}

export function withStagedWorkflow(order: Order, { formatOnly }: Committing): Order {
  if (!formatOnly) return order;
  const { workflows, ...rest } = order.config ?? {};
  return { ...order, config: { ...rest, workflows: { ...(workflows as object), staged: { steps: ['format'] } } } };
}

const KINDS: readonly (readonly [
  extension: string,
  messy: (word: string) => string,
  neat: (word: string) => string,
])[] = [
  ['.js', (word) => `export const ${word}   =  1\n${REST_JS}`, (word) => `export const ${word} = 1;\n${REST_JS}`],
  ['.ts', (word) => `export const ${word}:number   =  1\n${REST_JS}`, (word) => `export let ${word}: string;\n`],
  ['.css', (word) => `.${word}{color:red}\n\n.b {\n  top: 0;\n}\n`, (word) => `.${word} {\n  color: red;\n}\n`],
  ['.md', (word) => `${word}\n===\n\n* one\n* two\n\nmore\n`, (word) => `# ${word}\n`],
  ['.json', (word) => `{"${word}":[1,2,\n3]}\n`, (word) => `{ "${word}": 1 }\n`],
];
/** One that no tool can read: it blocks the commit. */
const BROKEN = 'export const broken = {\n';
const REST_JS = '\nexport function f() {}\n\nexport function g() {}\n\nexport function h() {}\n';

function drawFile(random: Random, number: number, isBorn: boolean): PlannedFile {
  const [extension, messy, neat] = random.pick([...KINDS, ...KINDS.slice(0, 2)]);
  const path = `${random.pick(['', 'src/', 'a b/'])}staged${String(number)}${extension}`;
  const mode = random.pick([0o644, 0o644, 0o755]);
  const content = (text: string): Content => ({ bytes: Buffer.from(text), mode });
  const old = content(neat(`old${random.word()}`));
  const text = random.chance(0.01) ? BROKEN : messy(`new${random.word()}`);
  const fresh = content(text);
  const added = content(`${text}\n/* mine */\n`);
  const other = content(messy(`other${random.word()}`));
  const committed = isBorn ? old : null;
  return random.pick<PlannedFile>([
    { path, committed, staged: fresh, work: fresh },
    { path, committed, staged: fresh, work: fresh },
    { path, committed: null, staged: fresh, work: fresh },
    { path, committed, staged: fresh, work: added },
    { path, committed, staged: fresh, work: added },
    { path, committed, staged: fresh, work: other },
    { path, committed, staged: fresh, work: null },
    { path, committed, staged: committed, work: fresh },
    { path, committed, staged: committed, work: fresh },
    { path, committed, staged: old, work: old },
  ]);
}

/** In the order in which they are begun, whenever their moment comes. */
export function drawCommits(random: Random, committing: Committing, paths: readonly string[]): Disturbance[] {
  const places: readonly Where[] = committing.sibling ? ['here', 'here', 'sibling'] : ['here'];
  const own = committing.files.map(({ path }) => path);
  return Array.from({ length: random.between(1, 3) }, () => {
    const how = random.pick(['staged', 'staged', 'staged', 'all', 'only'] as const);
    const where = random.pick(places);
    const known = where === 'here' ? [...own, ...own, ...paths] : own;
    const commit = {
      how,
      where,
      paths: how === 'only' ? [...new Set(random.some(own, random.between(1, 3)))] : [],
      disturbances: [...drawUser(random, known), ...drawBlows(random)],
    };
    return at(random, { kind: 'commit', commit });
  });
}

/** Who works on while they commit: writes, stages, or both. */
function drawUser(random: Random, paths: readonly string[]): Disturbance[] {
  if (random.chance(0.5)) return [];
  return drawEdits(random, paths).flatMap((edit): Disturbance[] => {
    const moment = momentOf(random);
    const wrote: Disturbance = { ...moment, action: { kind: 'edit', edit } };
    const staged: Disturbance = {
      ...moment,
      afterMs: random.chance(0.6) ? moment.afterMs : moment.afterMs + random.between(0, 60),
      action: { kind: 'add', path: edit.path },
    };
    return random.pick([[wrote], [wrote, staged], [wrote, staged], [staged]]);
  });
}

function drawBlows(random: Random): Disturbance[] {
  if (random.chance(0.35)) return [];
  const to = (): Receiver => random.pick(['hook', 'hook', 'hook', 'process', 'group']);
  const blow = (): Blow =>
    random.chance(0.6)
      ? { kind: 'kill', to: to() }
      : { kind: 'signal', signal: random.pick(['SIGINT', 'SIGTERM', 'SIGHUP']), to: to() };
  const moment = momentOf(random);
  const again = { ...moment, afterMs: moment.afterMs + random.between(1, 200) };
  const blows: Action[] = random.chance(0.2) ? [blow(), blow()] : [blow()];
  return blows.map((action, index) => ({ ...(index === 0 ? moment : again), action }));
}

/** Names that the hook has to do with while it lands its fixes, and how often: before and after each call. */
const MOMENTS: readonly (readonly [name: string, most: number])[] = [
  ['.lock', 10],
  ['.lock', 4],
  ['.quality-', 40],
  ['index.', 6],
  ['index', 12],
  ['unproven.json', 8],
  ['.tmp', 12],
  ['.open.jsonl', 2],
  ['/lock/write', 4],
];

function momentOf(random: Random): Omit<Disturbance, 'action'> {
  if (random.chance(0.6)) {
    const [name, most] = random.pick(MOMENTS);
    return { trigger: { on: 'moment', name, nth: random.between(1, most) }, afterMs: 0 };
  }
  if (random.chance(0.3)) return { trigger: { on: 'delay' }, afterMs: random.between(0, 2500) };
  const what = random.pick([
    'ready',
    'ready',
    'ready',
    'mark',
    'mark',
    'index-lock',
    'temp',
    'journal',
    'lock',
  ] as const);
  return { trigger: { on: 'file', what }, afterMs: random.chance(0.6) ? 0 : random.between(0, 30) };
}
