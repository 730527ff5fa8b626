/** From what stands on a line (`cross-env CI=1 npx eslint .`) to the program that does the work (`eslint .`). */
import { plainWord, type Word } from './shell.js';

/** What a command line comes to. */
export type Launch =
  | {
      readonly kind: 'program';
      readonly name: string;
      readonly args: readonly Word[];
      readonly env: Environment;
      /** As it is written: the folder whose node_modules the program is named in. */
      readonly home?: string;
    }
  /** Scripts of the same package.json; `name` may have wildcards. */
  | { readonly kind: 'script'; readonly name: string; readonly args: readonly Word[]; readonly env: Environment }
  /** More command lines. */
  | { readonly kind: 'lines'; readonly lines: readonly string[]; readonly env: Environment };

export type Environment = Readonly<Record<string, string>>;

/** Programs that start another one: sub-commands that do so (none: it always does), and flags that take a value. */
interface Launcher {
  readonly subcommands?: readonly string[];
  readonly valueFlags?: readonly string[];
}

const NPX: Launcher = { valueFlags: ['-p', '--package', '--registry', '--cache'] };
const PYTHON_RUN: Launcher = { subcommands: ['run'], valueFlags: ['--with', '--group', '--extra', '-p', '--python'] };

const LAUNCHERS: Readonly<Record<string, Launcher>> = {
  npx: NPX,
  pnpx: NPX,
  bunx: NPX,
  uvx: { valueFlags: ['--from', '--with', '-p', '--python'] },
  env: {},
  'cross-env': {},
  'cross-env-shell': {},
  dotenv: { valueFlags: ['-e', '-p', '-v'] },
  'dotenv-cli': { valueFlags: ['-e', '-p', '-v'] },
  time: {},
  nice: { valueFlags: ['-n'] },
  exec: {},
  command: {},
  nohup: {},
  sudo: {},
  'if-env': {},
  c8: {},
  poetry: PYTHON_RUN,
  uv: PYTHON_RUN,
  pdm: PYTHON_RUN,
  pipenv: PYTHON_RUN,
  pipx: PYTHON_RUN,
  rye: PYTHON_RUN,
  hatch: PYTHON_RUN,
  bundle: { subcommands: ['exec'] },
  mise: { subcommands: ['exec', 'x'] },
};

const SHELL_WORDS = new Set(['!', '{', '}', 'if', 'then', 'else', 'do']);
const MANAGERS = new Set(['npm', 'pnpm', 'yarn', 'bun']);
const MANY_SCRIPTS = new Set(['run-s', 'run-p', 'npm-run-all', 'npm-run-all2']);
/** These run the script of another package, and every package's own scripts are read anyway. */
const ELSEWHERE =
  /^(?:-r|--recursive|-F|--filter.*|-C|--dir|--cwd|--prefix|-w|--workspace.*|--workspaces|-ws|--workspace-root|--parallel)$/;

function isElsewhere(word: Word): boolean {
  return ELSEWHERE.test(word.text);
}

/** null: nothing that could be read, or nothing that runs here. */
export function launchOf(words: readonly Word[], scripts: ReadonlySet<string>): Launch | null {
  const env: Record<string, string> = {};
  let rest = words;
  for (;;) {
    const first = rest[0];
    if (first === undefined) return null;
    const assignment = /^([A-Za-z_]\w*)=(.*)$/s.exec(first.text);
    if (assignment?.[1] !== undefined) env[assignment[1]] = assignment[2] ?? '';
    if (assignment !== null || SHELL_WORDS.has(first.text)) {
      rest = rest.slice(1);
      continue;
    }
    const step = stepOf(rest, env, scripts);
    if (step === null || !Array.isArray(step)) return step as Launch | null;
    rest = step as readonly Word[];
  }
}

/** One layer off: the words that remain, or what it comes to. */
function stepOf(
  words: readonly Word[],
  env: Environment,
  scripts: ReadonlySet<string>,
): readonly Word[] | Launch | null {
  const path = words[0]?.text ?? '';
  const name = programName(path);
  const args = words.slice(1);
  if (MANAGERS.has(name)) return managerStep(name, args, env, scripts);
  if (MANY_SCRIPTS.has(name)) return { kind: 'lines', lines: scriptWords(args).map((text) => `npm run ${text}`), env };
  if (name === 'concurrently') return { kind: 'lines', lines: concurrentLines(args), env };
  if (name === 'node') return nodeStep(args, env);
  if (/^python[\d.]*$/.test(name)) return args[0]?.text === '-m' ? args.slice(1) : null;
  const launcher = LAUNCHERS[name];
  if (launcher === undefined) return programAt(path, { name, args, env });
  return launcherStep(launcher, { name, args, env });
}

function launcherStep(
  launcher: Launcher,
  { name, args, env }: { name: string; args: readonly Word[]; env: Environment },
): readonly Word[] | Launch {
  if (launcher.subcommands === undefined) return afterFlags(args, launcher.valueFlags);
  const isSubcommand = launcher.subcommands.includes(args[0]?.text ?? '');
  return isSubcommand ? afterFlags(args.slice(1), launcher.valueFlags) : { kind: 'program', name, args, env };
}

/** `./node_modules/.bin/eslint`, `eslint@9`, `eslint.cmd`: all are `eslint`. */
function programName(text: string): string {
  const base = text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1);
  return base.replace(/(?<=.)@.*$/, '').replace(/\.(?:c|m)?js$|\.(?:cmd|exe)$/, '');
}

/** `../../node_modules/.bin/tsc` names that one, whichever is nearer. */
function programAt(path: string, program: { name: string; args: readonly Word[]; env: Environment }): Launch {
  const home = /^(.*?)[/\\]?\bnode_modules[/\\]/.exec(path)?.[1];
  return { kind: 'program', ...program, ...(home === undefined ? {} : { home }) };
}

function afterFlags(words: readonly Word[], valueFlags: readonly string[] = []): readonly Word[] {
  let at = 0;
  while (at < words.length && words[at]?.text.startsWith('-') === true) {
    const text = words[at]?.text ?? '';
    at += valueFlags.includes(text) ? 2 : 1;
    if (text === '--') break;
  }
  return words.slice(at);
}

/** npm, pnpm, yarn and bun: `run NAME`, `exec PROGRAM`, and the short forms of both. */
function managerStep(
  manager: string,
  args: readonly Word[],
  env: Environment,
  scripts: ReadonlySet<string>,
): readonly Word[] | Launch | null {
  const words = hereAfterFlags(args);
  const verb = words[0]?.text ?? 'workspaces';
  const rest = words.slice(1);
  if (verb === 'workspace' || verb === 'workspaces') return null;
  if (verb === 'run' || verb === 'run-script') return runOrStart(manager, rest, env, scripts);
  if (['exec', 'x', 'dlx'].includes(verb)) return hereAfterFlags(rest, NPX.valueFlags);
  const isScript = manager === 'npm' ? ['test', 't', 'start'].includes(verb) : scripts.has(verb);
  if (isScript) return runStep(manager, words, env);
  return manager === 'npm' ? null : words;
}

/** Nothing remains when one of the flags leads to another package. */
function hereAfterFlags(words: readonly Word[], valueFlags: readonly string[] = []): readonly Word[] {
  const rest = afterFlags(words, valueFlags);
  const flags = words.slice(0, words.length - rest.length);
  return flags.some(isElsewhere) ? [] : rest;
}

/** `yarn run eslint` and `bun run eslint` start the program where no script has that name. */
function runOrStart(
  manager: string,
  words: readonly Word[],
  env: Environment,
  scripts: ReadonlySet<string>,
): readonly Word[] | Launch | null {
  const rest = hereAfterFlags(words);
  const isProgram = (manager === 'yarn' || manager === 'bun') && !scripts.has(rest[0]?.text ?? '');
  return isProgram ? rest : runStep(manager, words, env);
}

function runStep(manager: string, words: readonly Word[], env: Environment): Launch | null {
  const [name, ...rest] = hereAfterFlags(words);
  if (name === undefined) return null;
  const dashes = rest.findIndex((word) => word.text === '--');
  const before = dashes < 0 ? rest : rest.slice(0, dashes);
  const after = dashes < 0 ? [] : rest.slice(dashes + 1);
  if (manager === 'npm' && before.some(isElsewhere)) return null;
  // npm keeps flags before `--` for itself; the others hand them on.
  const handedOn = manager === 'npm' ? before.filter((word) => !word.text.startsWith('-')) : before;
  return { kind: 'script', name: name.text === 't' ? 'test' : name.text, args: [...handedOn, ...after], env };
}

function nodeStep(args: readonly Word[], env: Environment): readonly Word[] | Launch | null {
  if (args[0]?.text === '--run') return runStep('node', args.slice(1), env);
  const rest = afterFlags(args, ['-r', '--require', '--import', '--loader', '--env-file', '-C', '--conditions']);
  const script = rest[0]?.text ?? '';
  if (!/(?:^|[/\\])node_modules[/\\]/.test(script)) return null;
  // A package's own folder names the tool better than the file in it: node_modules/prettier/bin-prettier.js. And another
  // version under a name of its own (node_modules/typescript56/lib/tsc.js) is another tool.
  const inPackage = /node_modules[/\\](?!(?:\.bin|typescript)[/\\])([\w.-]+)[/\\]/.exec(script)?.[1];
  const name = inPackage ?? script;
  return programAt(script, { name: programName(name), args: rest.slice(1), env });
}

/** `run-p lint:* "test -- --watch=false"`. */
function scriptWords(args: readonly Word[]): string[] {
  return args.filter((word) => !word.text.startsWith('-')).map((word) => word.text);
}

const CONCURRENTLY_VALUES = ['-n', '--names', '-c', '--prefix-colors', '-p', '--prefix', '-m', '--max-processes', '-s'];

function concurrentLines(args: readonly Word[]): string[] {
  const words = args.filter((_, at) => !CONCURRENTLY_VALUES.includes((args[at - 1] ?? plainWord('')).text));
  return scriptWords(words).map((text) => text.replace(/^(npm|pnpm|yarn|bun):/, '$1 run '));
}
