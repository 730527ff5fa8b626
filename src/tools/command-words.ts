/** A command line split into what names files and what are flags. */

export interface CommandFlag {
  /** With its dashes, without its value: `--config`, `-c`. */
  readonly name: string;
  readonly value: string | undefined;
  /** As it is written. */
  readonly words: readonly string[];
}

export interface CommandWords {
  readonly names: readonly string[];
  readonly flags: readonly CommandFlag[];
}

/** `takesValue` says whether a flag without `=` takes the next word. */
export function splitWords(args: readonly string[], takesValue: (name: string) => boolean): CommandWords {
  const names: string[] = [];
  const flags: CommandFlag[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (word === '--') return { names: [...names, ...args.slice(at + 1)], flags };
    if (!/^-./.test(word)) {
      names.push(word);
      continue;
    }
    const flag = readFlag(word, args[at + 1], takesValue);
    flags.push(flag);
    at += flag.words.length - 1;
  }
  return { names, flags };
}

function readFlag(word: string, next: string | undefined, takesValue: (name: string) => boolean): CommandFlag {
  const equals = word.indexOf('=');
  if (equals > 0) return { name: word.slice(0, equals), value: word.slice(equals + 1), words: [word] };
  if (next === undefined || !takesValue(word)) return { name: word, value: undefined, words: [word] };
  return { name: word, value: next, words: [word, next] };
}
