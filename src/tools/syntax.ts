/** Does a text parse? Only for languages whose grammar is at hand; others are the business of their own tools. */
import type { ParseError } from 'jsonc-parser';
import { extname } from '../host/paths.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { bundledUse } from './bundled-use.js';
import type { SourceText, Tool } from './tool.js';

/** UTF-16 offset and words of the first thing that does not parse; null when all does. */
type FirstError = { readonly offset: number; readonly message: string } | null;
type Parser = (path: string, text: string) => Promise<FirstError>;

const parseScript: Parser = async (path, text) => {
  const { parseSync } = await import('oxc-parser');
  const error = parseSync(path, text).errors.find(({ severity }) => severity.toString() === 'Error');
  return error === undefined ? null : { offset: error.labels[0]?.start ?? 0, message: error.message };
};

const parseJson: Parser = async (_path, text) => {
  const { parseTree, printParseErrorCode } = await import('jsonc-parser');
  const errors: ParseError[] = [];
  // A byte order mark is no error; a blank in its place keeps the offsets.
  parseTree(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true });
  const [first] = errors;
  return first === undefined ? null : { offset: first.offset, message: printParseErrorCode(first.error) };
};

const PARSERS: Readonly<Record<string, Parser>> = {
  ...Object.fromEntries(
    ['.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx'].map((extension) => [extension, parseScript]),
  ),
  '.json': parseJson,
  '.jsonc': parseJson,
};

/** True also for a language whose grammar is not at hand. */
export async function parses(path: string, bytes: Uint8Array): Promise<boolean> {
  const parse = PARSERS[extname(path)];
  return parse === undefined || (await parse(path, textOf(bytes))) === null;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

const USE = bundledUse('syntax', { tool: 'syntax', version: '1' });

/** Verify's `syntax` check, for those who ask for it: every JavaScript, TypeScript and JSON file parses. */
export const syntax: Tool = {
  name: 'syntax',
  roles: ['syntax'],
  grain: 'file',
  runsIn: 'worker',
  adapterVersion: 1,
  detect: () => Promise.resolve({ uses: [USE], skips: [] }),
  takes: (_use, { path }) => extname(path) in PARSERS,
  open: () =>
    Promise.resolve({
      check: async (files) => ({
        files: await Promise.all(
          files.map(
            async (file) =>
              ({ path: file.path, hash: file.hash, status: 'done', diagnostics: await check(file) }) as const,
          ),
        ),
        diagnostics: [],
      }),
    }),
};

async function check({ path, text }: SourceText): Promise<Diagnostic[]> {
  const error = (await PARSERS[extname(path)]?.(path, text)) ?? null;
  if (error === null) return [];
  const before = text.slice(0, error.offset).split('\n');
  const start = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  return [{ tool: 'syntax', rule: null, severity: 'error', message: error.message, path, start }];
}
