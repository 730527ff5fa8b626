/** The output formats that a command of the project's own may name. */
import { parseCheckstyle } from './checkstyle.js';
import type { OutputParser } from './context.js';
import { parseEslintJson } from './eslint-json.js';
import { parseGcc } from './lines.js';
import { parseSarif } from './sarif.js';
import { parseUnifiedDiff } from './unified-diff.js';

export type CommonFormat = 'sarif' | 'eslint-json' | 'checkstyle' | 'gcc' | 'unified-diff';

export const COMMON_PARSERS: Readonly<Record<CommonFormat, OutputParser>> = {
  sarif: parseSarif,
  'eslint-json': parseEslintJson,
  checkstyle: parseCheckstyle,
  gcc: parseGcc,
  'unified-diff': parseUnifiedDiff,
};
