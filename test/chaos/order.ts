/** The command that is run: its flags, and the tools that the config gives it. */
import type { Random } from './random.js';

/** Stands in the config for the folder with the scenario's own programs; filled in when the world is built. */
export const TOOLS_FOLDER = '@tools@';

export interface Order {
  readonly config: Readonly<Record<string, unknown>> | null;
  readonly args: readonly string[];
  /** Files that the tests will not see changed. */
  readonly guarded: readonly string[];
  /** Without commands of its own a run ends where a second one finds nothing to do. */
  readonly settles: boolean;
}

export function drawOrder(random: Random, paths: readonly string[], below: string): Order {
  const inTarget = below === '' ? paths : paths.filter((path) => path.startsWith(`${below}/`));
  const relative = inTarget.map((path) => (below === '' ? path : path.slice(below.length + 1)));
  const own = random.chance(0.5);
  const tested = random.chance(0.3);
  const guarded = tested ? random.some(inTarget, random.between(1, 3)) : [];
  const commands = own ? { change: change(random, relative) } : {};
  const steps = random.pick([
    ['verify', 'format', 'cleanup', 'change', 'verify'],
    ['change', 'format', 'verify'],
    ['verify', 'format', 'verify', 'change', 'verify'],
  ]);
  const tests = tested ? [test(random, guarded, below)] : [];
  const config =
    own || tested || below !== ''
      ? { commands, ...(own ? { workflows: { chaos: { steps } } } : {}), verify: { tests } }
      : null;
  const workflow = own
    ? ['-w', 'chaos']
    : random.pick([[], [], [], ['-w', 'format-only'], ['--only', 'format,cleanup']]);
  return {
    config,
    guarded,
    settles: !own && workflow.length === 0,
    args: ['run', '--reporter', 'ndjson', ...workflow, ...(tested ? ['--gate', 'tests'] : []), ...flags(random)],
  };
}

function flags(random: Random): string[] {
  return [
    ...(random.chance(0.15) ? ['--priority', 'safety'] : []),
    ...(random.chance(0.15) ? ['--on-regression', random.pick(['rollback', 'keep'])] : []),
    ...(random.chance(0.15) ? ['--on-failure', random.pick(['rollback', 'stop'])] : []),
    ...(random.chance(0.15) ? ['--max-parallel', '1'] : []),
  ];
}

/** A command that writes, creates, deletes and renames; now and then slowly, badly, or leaving a child behind. */
function change(random: Random, paths: readonly string[]): Readonly<Record<string, unknown>> {
  const deeds = Array.from({ length: random.between(1, 4) }, () => deed(random, paths)).flat();
  const slow = random.chance(0.4) ? ['slow', String(random.between(1, 8) / 10)] : [];
  const child = random.chance(0.2) ? ['child'] : [];
  const fails = random.chance(0.12) ? ['fail'] : [];
  const run = ['sh', `${TOOLS_FOLDER}/change.sh`, ...child, ...slow, ...deeds, ...fails];
  return { run, effect: 'writes', after: random.pick([[], ['format']]) };
}

function deed(random: Random, paths: readonly string[]): string[] {
  const made = `made/${random.word()}.js`;
  if (paths.length === 0) return ['create', made];
  return random.pick([
    ['create', made],
    ['append', random.pick(paths)],
    ['append', random.pick(paths)],
    ['delete', random.pick(paths)],
    ['rename', random.pick(paths), `moved/${random.word()} x.js`],
    ['replace-folder', random.pick(paths)],
    ['executable', random.pick(paths)],
    ['create-executable', `made/${random.word()}.sh`],
  ]);
}

/** Fails when one of the guarded files is not what it was; or, of two, only when both are not. */
function test(random: Random, guarded: readonly string[], below: string): string[] {
  const how = guarded.length > 1 && random.chance(0.4) ? 'all' : 'any';
  const pairs = guarded.flatMap((path, index) => [
    below === '' ? path : path.slice(below.length + 1),
    `${TOOLS_FOLDER}/guarded-${String(index)}`,
  ]);
  return ['sh', `${TOOLS_FOLDER}/test.sh`, how, ...pairs];
}

/** Makes the second call of itself without effect, as a tool should. */
export const CHANGE_SH = `while [ $# -gt 0 ]; do
  deed=$1; shift
  case $deed in
    slow) sleep "$1"; shift ;;
    child) (sleep 20; echo late > late.js) & ;;
    create) mkdir -p made; echo "export const made   = 1" > "./$1"; shift ;;
    append) [ ! -f "./$1" ] || tail -n 1 "./$1" | grep -q appended || printf '\\n// appended\\n' >> "./$1"; shift ;;
    delete) rm -f "./$1"; shift ;;
    rename) mkdir -p moved; [ ! -f "./$1" ] || mv -f "./$1" "./$2"; shift 2 ;;
    replace-folder) [ ! -f "./$1" ] || { rm -f "./$1"; mkdir "./$1"; echo "export const inside = 1;" > "./$1/inside.js"; }; shift ;;
    executable) [ ! -f "./$1" ] || chmod +x "./$1"; shift ;;
    create-executable) mkdir -p made; echo "echo made" > "./$1"; chmod +x "./$1"; shift ;;
    fail) echo 'change: cannot go on' >&2; exit 3 ;;
  esac
done
`;

export const TEST_SH = `how=$1; shift
changed=0; total=0
while [ $# -gt 0 ]; do
  total=$((total + 1))
  cmp -s "./$1" "$2" || { changed=$((changed + 1)); echo "not ok: $total"; }
  shift 2
done
[ "$changed" = 0 ] && exit 0
[ "$how" = all ] && [ "$changed" != "$total" ] && exit 0
exit 1
`;
