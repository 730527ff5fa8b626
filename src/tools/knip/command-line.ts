/** The flags of the project's own knip calls that change what is found. */

export interface KnipArguments {
  readonly flags: readonly string[];
  /** Value of `--directory`. */
  readonly directory: string | null;
  readonly fixes: boolean;
  /** It does something else: watches, traces, prints help. */
  readonly isOther: boolean;
}

const WITH_VALUE = new Set([
  ...['--config', '-c', '--tsConfig', '-t', '--workspace', '-W', '--include', '--exclude', '--tags', '--max-issues'],
  ...['--preprocessor', '--preprocessor-options', '--experimental-tags'],
  ...['--directory', '-D', '--cache-location', '--fix-type', '--reporter', '--reporter-options', '--output-file'],
  ...['--max-show-issues', '--performance-fn', '--trace-dependency', '--trace-export', '--trace-file'],
]);

const DROPPED =
  /^(?:-n|--no-progress|--cache|--cache-location|--reporter|--reporter-options|--output-file|-d|--debug|-u|--duration|--memory.*|--performance.*|--max-show-issues|--no-config-hints|-f|--fix|--fix-type|-F|--format|--allow-remove-files|-D|--directory)$/;
const OTHER = /^(?:-w|--watch|-h|--help|-V|--version|--trace.*)$/;

export function readKnipArguments(args: readonly string[]): KnipArguments {
  const options = splitOptions(args);
  const names = options.map(({ name }) => name);
  const directory = options.findLast(({ name }) => name === '--directory' || name === '-D');
  return {
    flags: options.filter(({ name }) => !DROPPED.test(name)).flatMap(({ words }) => words),
    directory: directory?.value ?? null,
    fixes: names.some((name) => name === '-f' || name === '--fix'),
    isOther: names.some((name) => OTHER.test(name)),
  };
}

interface Option {
  readonly name: string;
  readonly value: string | undefined;
  readonly words: readonly string[];
}

function splitOptions(args: readonly string[]): Option[] {
  const options: Option[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    const [name = '', ...rest] = word.split('=');
    const next = args[at + 1];
    const takesNext = rest.length === 0 && WITH_VALUE.has(name) && next !== undefined;
    options.push({ name, value: takesNext ? next : rest.join('='), words: takesNext ? [word, next] : [word] });
    if (takesNext) at += 1;
  }
  return options;
}
