/** From text to a tree whose values keep their places, or all the mistakes of syntax. */
import type { Node, ParseError } from 'jsonc-parser';
import { type Result, failed, success } from '../model/result.js';
import type { Mistake, Source } from './mistake.js';
import { entriesOf, itemsOf, memberOf, type Path, type Range } from './tree.js';

export interface ConfigDocument extends Source {
  /** The config's own node. */
  readonly tree: Node;
  /** The config as plain data. */
  readonly value: unknown;
}

const WORDS: Readonly<Record<string, string>> = {
  InvalidNumberFormat: 'this is no number as JSON writes it',
  PropertyNameExpected: 'expected a key in double quotes',
  ValueExpected: 'expected a value',
  ColonExpected: 'expected a colon',
  CommaExpected: 'expected a comma',
  CloseBraceExpected: 'expected a closing brace `}`',
  CloseBracketExpected: 'expected a closing bracket `]`',
  EndOfFileExpected: 'expected nothing more after the end of the config',
  InvalidCommentToken: 'comments are not allowed in this file',
  UnexpectedEndOfComment: 'this comment has no end',
  UnexpectedEndOfString: 'this string has no end on its line',
  UnexpectedEndOfNumber: 'this number is cut off',
  InvalidUnicode: 'expected four hexadecimal digits after `\\u`',
  InvalidEscapeCharacter: 'this escape is none that JSON has',
  InvalidCharacter: 'a control character must be written as an escape, such as `\\t`',
};

export async function parseConfig(source: Source): Promise<Result<ConfigDocument, readonly Mistake[]>> {
  const { getNodeValue, parseTree, printParseErrorCode } = await import('jsonc-parser');
  const errors: ParseError[] = [];
  // A key of package.json is read by npm as well, so that comments there are a mistake.
  const lenient = source.base.length === 0;
  const root = parseTree(source.text, errors, { allowTrailingComma: lenient, disallowComments: !lenient }) ?? null;
  const broken = errors.map((error) => syntaxMistake(source.text, error, printParseErrorCode(error.error)));
  if (broken.length > 0) return failed(firstOfEachLine(source.text, broken));
  const tree = source.base.reduce<Node | null>((node, key) => memberOf(node, String(key))?.value ?? null, root);
  if (tree === null) return failed([nothingThere(source)]);
  const value: unknown = getNodeValue(tree);
  return success({ ...source, tree, value });
}

function nothingThere({ base }: Source): Mistake {
  return { range: { offset: 0, length: 0 }, path: null, problem: `expected a key ${JSON.stringify(base.at(-1))} here` };
}

function syntaxMistake(text: string, error: ParseError, code: string): Mistake {
  const found = text.slice(error.offset, error.offset + error.length);
  const bare = /^\w+/.exec(found);
  const problem =
    code === 'InvalidSymbol' ? symbolProblem(text, error) : (WORDS[code] ?? 'this is not JSON') + gotWords(bare?.[0]);
  return { range: error, path: null, problem };
}

function gotWords(word: string | undefined): string {
  return word === undefined ? '' : `, got ${word}`;
}

function symbolProblem(text: string, { offset, length }: Range): string {
  const symbol = text.slice(offset, offset + length);
  if (symbol.startsWith("'")) return 'expected double quotes, not single ones';
  if (/^\s*:/.test(text.slice(offset + length, offset + length + 20))) return `expected "${symbol}" in double quotes`;
  return `expected a value or a comma, got ${symbol.length > 40 ? `${symbol.slice(0, 40)}…` : symbol}`;
}

/** After the first mistake of a line the parser has lost its way: what it says of the rest of that line is noise. */
function firstOfEachLine(text: string, mistakes: readonly Mistake[]): readonly Mistake[] {
  return mistakes.filter(({ range }, index) => {
    const previous = mistakes[index - 1];
    return previous === undefined || /[\r\n]/.test(text.slice(previous.range.offset, range.offset));
  });
}

/** Keys that stand twice, and the one key that JavaScript objects cannot have. */
export function keyMistakes(tree: Node, path: Path = []): readonly Mistake[] {
  const seen = new Map<string, Node>();
  const here: Mistake[] = [];
  for (const { name, key } of entriesOf(tree)) {
    const first = seen.get(name);
    if (first === undefined) seen.set(name, key);
    else here.push(twice(path, name, { range: key, first }));
    if (name === '__proto__') here.push({ range: key, path: [...path, name], problem: 'this name cannot be used' });
  }
  const members = entriesOf(tree).flatMap(({ name, value }) =>
    value === null ? [] : keyMistakes(value, [...path, name]),
  );
  return [...here, ...members, ...itemsOf(tree).flatMap((item, index) => keyMistakes(item, [...path, index]))];
}

function twice(path: Path, name: string, { range, first }: { range: Range; first: Range }): Mistake {
  const related = [{ range: first, note: 'it stands here first' }];
  return { range, path: [...path, name], problem: 'this key stands twice; keep one of them', related };
}
