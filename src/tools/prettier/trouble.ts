/** What Prettier throws, and whether it is about one file or about its configuration. */
import type { Position } from '../../model/diagnostic.js';
import { ToolFault } from '../tool-fault.js';
import type { SourceText, Transformed } from '../tool.js';
import { wordsOf } from './load.js';

interface PrettierError extends Error {
  readonly loc?: { readonly start?: Partial<Position> } & Partial<Position>;
  readonly codeFrame?: string;
  readonly code?: string;
}

const NO_PARSER = /^No parser could be inferred|^No parser and no file(?:path)? given/;
const CONFIG = /^Invalid \S+ value\.|^Couldn't resolve (?:parser|plugin)|^Cannot find (?:package|module)\b/;

/** The outcome of a file that could not be formatted; throws when the configuration is to blame. */
export function readTrouble(thrown: unknown, { path, text }: SourceText): Transformed {
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as PrettierError;
  if (error.constructor.name === 'UndefinedParserError' || NO_PARSER.test(error.message))
    return { status: 'ignored', text };
  if (error.loc !== undefined) return syntaxError(error, path, text);
  if (error.name === 'ConfigError' || CONFIG.test(error.message) || error.code?.endsWith('MODULE_NOT_FOUND') === true) {
    throw new ToolFault('tool-config', 'prettier', 'Prettier does not accept its configuration', wordsOf(error));
  }
  const failure = { kind: 'tool-crashed', tool: 'prettier', path, message: 'Prettier crashed on this file' } as const;
  return { status: 'failed', text, failure: { ...failure, detail: wordsOf(error) } };
}

function syntaxError(error: PrettierError, path: string, text: string): Transformed {
  const { loc, codeFrame } = error;
  const { line, column } = loc?.start ?? loc ?? {};
  const start = line === undefined || line < 1 ? undefined : { line, column: Math.max(1, column ?? 1) };
  const message = (error.message.split('\n')[0] ?? '').replace(/ \(\d+:\d+\)$/, '');
  const place = start === undefined ? {} : { start };
  const detail = codeFrame === undefined ? {} : { detail: codeFrame };
  return {
    status: 'failed',
    text,
    diagnostics: [{ tool: 'prettier', rule: null, severity: 'error', message, path, ...place }],
    failure: { kind: 'syntax-error', tool: 'prettier', path, message, ...detail },
  };
}
