/** Does a text parse? Only for languages whose grammar is at hand; others are the business of their own tools. */
import { extname } from '../host/paths.js';

type Parses = (path: string, text: string) => Promise<boolean>;

const SCRIPT: Parses = async (path, text) => {
  const { parseSync } = await import('oxc-parser');
  return parseSync(path, text).errors.every(({ severity }) => severity.toString() !== 'Error');
};

const JSON_TEXT: Parses = async (_path, text) => {
  const { parseTree } = await import('jsonc-parser');
  const errors: unknown[] = [];
  parseTree(text.replace(/^\uFEFF/, ''), errors as never, { allowTrailingComma: true });
  return errors.length === 0;
};

const PARSERS: Readonly<Record<string, Parses>> = {
  ...Object.fromEntries(
    ['.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx'].map((extension) => [extension, SCRIPT]),
  ),
  '.json': JSON_TEXT,
  '.jsonc': JSON_TEXT,
};

/**
 * False only when the text before the edit parses and the text after it does not: a dialect that the parser does not know
 * (Flow, say) fails both ways and says nothing about the edit.
 */
export async function stillParses(
  path: string,
  after: Uint8Array,
  readBefore: () => Promise<Uint8Array | null>,
): Promise<boolean> {
  const parses = PARSERS[extname(path)];
  if (parses === undefined || (await parses(path, Buffer.from(after).toString('utf8')))) return true;
  const before = await readBefore();
  return before !== null && !(await parses(path, Buffer.from(before).toString('utf8')));
}
