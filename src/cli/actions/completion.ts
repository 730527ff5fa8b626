/** Completion scripts, made from the commands and flags themselves. */
import type { Argument, Command, Option } from 'commander';
import { BUILT_IN_COMMANDS } from '../../planner/commands.js';
import { BUILT_IN_WORKFLOWS } from '../../planner/workflows.js';

interface Flag {
  /** `--gate`, and `-q` where it has a short form. */
  readonly names: readonly string[];
  readonly description: string;
  /** null: it takes no value; empty: any value, such as a file. */
  readonly values: readonly string[] | null;
}

interface Word {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly Flag[];
  /** What may stand behind it: subcommands, choices; `runs` for the id of a run, `files` for paths. */
  readonly words: readonly string[];
  readonly takes: 'files' | 'runs' | 'words';
}

export function printCompletion(program: Command, shell: 'bash' | 'zsh' | 'fish'): void {
  process.stdout.write(SCRIPTS[shell](program.commands.map(wordOf)));
}

const SCRIPTS = { bash, zsh, fish } as const;

function wordOf(command: Command): Word {
  const [argument] = command.registeredArguments;
  return {
    name: command.name(),
    description: command.description(),
    flags: [...command.options.map(flagOf), { names: ['--help', '-h'], description: 'how it is used', values: null }],
    words: [...command.commands.map((one) => one.name()), ...(argument?.argChoices ?? [])],
    takes: takenBy(argument),
  };
}

function takenBy(argument: Argument | undefined): Word['takes'] {
  if (argument?.name() === 'run') return 'runs';
  return argument?.variadic === true ? 'files' : 'words';
}

function flagOf({ long, short, description, required, optional, argChoices }: Option): Flag {
  const names = [long, short].filter((name): name is string => typeof name === 'string');
  return { names, description, values: required || optional ? (argChoices ?? NAMES[long ?? ''] ?? []) : null };
}

/** A config may have more of them. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  '--workflow': BUILT_IN_WORKFLOWS.map(({ name }) => name),
  '--only': BUILT_IN_COMMANDS.map(({ name }) => name),
};

/** The ids of the runs that are kept where one stands. */
const RUNS = "quality runs 2>/dev/null | cut -d ' ' -f 1";

/** In single quotes of any shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function bash(words: readonly Word[]): string {
  const values = new Map(words.flatMap(({ flags }) => flags).map((flag) => [flag.names.join('|'), flag.values]));
  const valueCases = [...values].flatMap(([names, all]) => {
    if (all === null) return [];
    return [
      `    ${names}) ${all.length === 0 ? '' : `COMPREPLY=($(compgen -W ${quoted(all.join(' '))} -- "$cur")); `}return ;;`,
    ];
  });
  const wordCases = words.map(({ name, flags, words: behind, takes }) => {
    const names = flags.flatMap((flag) => flag.names.slice(0, 1)).join(' ');
    const more = takes === 'runs' ? `$(${RUNS})` : behind.join(' ');
    return `    ${name}) flags=${quoted(names)}; words="${more}" ;;`;
  });
  return `# bash completion for quality
_quality() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" command='' flags='--help --version' words word
  COMPREPLY=()
  case "$previous" in
${valueCases.join('\n')}
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ "$word" != -* ]]; then command="$word"; break; fi
  done
  words=${quoted(words.map(({ name }) => name).join(' '))}
  case "$command" in
${wordCases.join('\n')}
  esac
  if [[ "$cur" == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$cur")); else COMPREPLY=($(compgen -W "$words" -- "$cur")); fi
}
complete -o default -F _quality quality
`;
}

/** What zsh reads as part of a specification. */
function zshText(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&').replaceAll("'", '’');
}

function zsh(words: readonly Word[]): string {
  const cases = words.map(({ name, flags, words: behind, takes }) => {
    const specs = flags.flatMap(({ names, description, values }) =>
      names.map((one) => {
        const value = values === null ? '' : values.length === 0 ? ':value:_files' : `:value:(${values.join(' ')})`;
        return `        '${one}[${zshText(description)}]${value}'`;
      }),
    );
    const behindIt: Readonly<Record<Word['takes'], string>> = {
      files: "'*:file:_files'",
      // Expanded when completion is asked for.
      runs: `"1:run:($(${RUNS} | tr '\\n' ' '))"`,
      words: `'1:word:(${behind.join(' ')})'`,
    };
    return `      ${name})\n        _arguments \\\n${[...specs, `        ${behindIt[takes]}`].join(' \\\n')} ;;`;
  });
  return `#compdef quality
_quality() {
  local -a commands
  commands=(
${words.map(({ name, description }) => `    '${name}:${zshText(description)}'`).join('\n')}
  )
  _arguments -C '1:command:->command' '*::argument:->argument'
  case "$state" in
    command) _describe 'command' commands ;;
    argument)
      case "$words[1]" in
${cases.join('\n')}
      esac ;;
  esac
}
if [ "$funcstack[1]" = "_quality" ]; then _quality "$@"; else compdef _quality quality; fi
`;
}

function fish(words: readonly Word[]): string {
  const lines = words.flatMap(({ name, description, flags, words: behind, takes }) => {
    const within = `complete -c quality -n '__fish_seen_subcommand_from ${name}'`;
    const runs = takes === 'runs' ? [`${within} -f -a ${quoted(`(${RUNS})`)}`] : [];
    const others = behind.length > 0 ? [`${within} -f -a ${quoted(behind.join(' '))}`] : [];
    return [
      `complete -c quality -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
      ...flags.map((flag) => `${within} ${fishFlag(flag)}`),
      ...runs,
      ...others,
    ];
  });
  return `# fish completion for quality\n${lines.join('\n')}\n`;
}

function fishFlag({ names, description, values }: Flag): string {
  const forms = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = values === null ? '' : values.length === 0 ? ' -r' : ` -x -a ${quoted(values.join(' '))}`;
  return `${forms.join(' ')}${value} -d ${quoted(description)}`;
}
