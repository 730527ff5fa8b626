/** Reads a command line as a POSIX shell would, as far as it takes to know which programs get which words. */

export interface Word {
  /** Quotes and escapes removed; variables as they are written. */
  readonly text: string;
  /** The shell would expand it: it has a glob character outside quotes. */
  readonly glob: boolean;
  /** Its value is known only when it runs: a variable or a command substitution. */
  readonly dynamic: boolean;
}

/** A command, or the bounds of a subshell: `(cd docs && eslint .)`. */
export type ShellItem = { readonly words: readonly Word[] } | 'open' | 'close';

/** A word as it is written, that nothing would be done to. */
export function plainWord(text: string): Word {
  return { text, glob: false, dynamic: false };
}

export function parseShell(text: string): ShellItem[] {
  const reader = new Reader();
  for (let at = 0; at < text.length;) at = readAt(text, at, reader);
  reader.endCommand();
  return reader.items;
}

class Reader {
  readonly items: ShellItem[] = [];
  private words: Word[] = [];
  private current: { text: string; glob: boolean; dynamic: boolean } | null = null;
  private skipNext = false;

  get inWord(): boolean {
    return this.current !== null;
  }

  add(text: string, marks: { readonly glob?: boolean; readonly dynamic?: boolean } = {}): void {
    this.current ??= { text: '', glob: false, dynamic: false };
    this.current.text += text;
    this.current.glob ||= marks.glob ?? false;
    this.current.dynamic ||= marks.dynamic ?? false;
  }

  endWord(): void {
    if (this.current === null) return;
    if (this.skipNext) this.skipNext = false;
    else this.words.push(this.current);
    this.current = null;
  }

  endCommand(bound?: 'open' | 'close'): void {
    this.endWord();
    this.skipNext = false;
    if (this.words.length > 0) this.items.push({ words: this.words });
    this.words = [];
    if (bound !== undefined) this.items.push(bound);
  }

  /** `> file`, `2>&1`: neither the number before nor the word after is an argument. */
  redirect(): void {
    if (this.current !== null && /^\d+$/.test(this.current.text)) this.current = null;
    this.endWord();
    this.skipNext = true;
  }
}

const QUOTES = new Set(["'", '"', '\\', '$', '`']);
const BLANKS = new Set([' ', '\t', '\r']);
const SEPARATORS = new Set(['&', '|', ';', '\n']);

/** Takes what stands at `at`, and returns where the next thing begins. */
function readAt(text: string, at: number, reader: Reader): number {
  const char = text.charAt(at);
  if (QUOTES.has(char)) return readQuoted(text, at, reader);
  const redirect = /^(?:&(?=>))?[<>][<>&|]*/.exec(text.slice(at, at + 4))?.[0];
  if (redirect !== undefined) {
    reader.redirect();
    return at + redirect.length;
  }
  if (char === '#' && !reader.inWord) return endOfLine(text, at);
  if (BLANKS.has(char)) reader.endWord();
  else if (char === '(' || char === ')') reader.endCommand(char === '(' ? 'open' : 'close');
  else if (SEPARATORS.has(char)) reader.endCommand();
  else reader.add(char, { glob: '*?['.includes(char) });
  return at + 1;
}

function readQuoted(text: string, at: number, reader: Reader): number {
  switch (text.charAt(at)) {
    case "'": {
      const end = text.indexOf("'", at + 1);
      const stop = end < 0 ? text.length : end;
      reader.add(text.slice(at + 1, stop));
      return stop + 1;
    }
    case '"':
      return readDoubleQuoted(text, at + 1, reader);
    case '\\':
      if (text.charAt(at + 1) !== '\n') reader.add(text.charAt(at + 1));
      return at + 2;
    default:
      return readSubstitution(text, at, reader);
  }
}

function readDoubleQuoted(text: string, from: number, reader: Reader): number {
  reader.add('');
  let at = from;
  while (at < text.length && text.charAt(at) !== '"') {
    const char = text.charAt(at);
    const escaped = char === '\\' && '"\\$`'.includes(text.charAt(at + 1)) && at + 1 < text.length;
    if (char === '$' || char === '`') at = readSubstitution(text, at, reader);
    else {
      reader.add(escaped ? text.charAt(at + 1) : char);
      at += escaped ? 2 : 1;
    }
  }
  return at + 1;
}

/** `$NAME`, `${NAME}`, `$(command)`, `` `command` ``: kept as it is written, marked as dynamic. */
function readSubstitution(text: string, at: number, reader: Reader): number {
  const rest = text.slice(at);
  const simple = /^(?:\$\{[^}]*\}|\$[A-Za-z_]\w*|\$[@*#?$!0-9-]|`[^`]*`)/.exec(rest)?.[0];
  const whole = simple ?? (rest.startsWith('$(') ? balanced(rest) : null);
  reader.add(whole ?? rest.charAt(0), { dynamic: whole !== null });
  return at + (whole ?? ' ').length;
}

function balanced(text: string): string {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text.charAt(at) === '(') depth++;
    if (text.charAt(at) === ')' && --depth === 0) return text.slice(0, at + 1);
  }
  return text;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}
