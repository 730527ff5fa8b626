/** The outputs of single tools, for those that offer no common format or say less in it. */
import { type LinesFormat, linesParser } from './lines.js';
import { jsonListParser } from './json-list.js';
import { at, text } from './json.js';

export const parseRuff = jsonListParser(
  {
    file: 'filename',
    line: 'location.row',
    column: 'location.column',
    endLine: 'end_location.row',
    endColumn: 'end_location.column',
    message: 'message',
    rule: 'code',
    url: 'url',
    fix: 'fix',
  },
  'Ruff’s JSON',
);

export const parseGolangci = jsonListParser(
  {
    list: 'Issues',
    nullable: true,
    file: 'Pos.Filename',
    line: 'Pos.Line',
    column: 'Pos.Column',
    message: 'Text',
    rule: 'FromLinter',
    severity: { path: 'Severity', words: { error: 'error', warning: 'warning', info: 'info', note: 'info' } },
    fix: 'Replacement',
  },
  'golangci-lint’s JSON',
);

export const parseShellcheck = jsonListParser(
  {
    list: 'comments',
    file: 'file',
    line: 'line',
    column: 'column',
    endLine: 'endLine',
    endColumn: 'endColumn',
    message: 'message',
    rule: 'code',
    rulePrefix: 'SC',
    severity: { path: 'level', words: { error: 'error', warning: 'warning', info: 'info', style: 'info' } },
    url: (item) => `https://www.shellcheck.net/wiki/SC${String(at(item, 'code'))}`,
    fix: 'fix',
  },
  'ShellCheck’s JSON (json1)',
);

export const parseActionlint = jsonListParser(
  {
    nullable: true,
    file: 'filepath',
    line: 'line',
    column: 'column',
    message: 'message',
    rule: 'kind',
  },
  'actionlint’s JSON',
);

export const parseHadolint = jsonListParser(
  {
    file: 'file',
    line: 'line',
    column: 'column',
    message: 'message',
    rule: 'code',
    severity: { path: 'level', words: { error: 'error', warning: 'warning', info: 'info', style: 'info' } },
    url: (item) => {
      const code = text(at(item, 'code')) ?? '';
      if (code.startsWith('DL')) return `https://github.com/hadolint/hadolint/wiki/${code}`;
      return code.startsWith('SC') ? `https://www.shellcheck.net/wiki/${code}` : undefined;
    },
  },
  'hadolint’s JSON',
);

export const parseMarkdownlint = jsonListParser(
  {
    file: 'fileName',
    line: 'lineNumber',
    column: 'errorRange.0',
    message: 'ruleDescription',
    detail: 'errorDetail',
    rule: 'ruleNames.0',
    severity: { path: 'severity', words: { error: 'error', warning: 'warning' } },
    url: 'ruleInformation',
    fix: 'fixInfo',
  },
  'markdownlint’s JSON',
);

const MARKDOWNLINT_LINES: LinesFormat = {
  pattern:
    /^(?<file>.+?):(?<line>\d+)(?::(?<column>\d+))? (?:(?<severity>error|warning) )?(?<rule>[A-Za-z][\w-]*)(?:\/[\w/-]+)? (?<message>.*?)(?: \[Context: .*\])?$/,
  severity: 'error',
  expected: 'markdownlint’s lines',
  chatter: /^(?:markdownlint-cli2 v|Finding: |Found: ?|Linting: |Summary: )/,
};

/** The text of markdownlint-cli2, which can print JSON only when its config asks for it. The context is cut: it is the text itself. */
export const parseMarkdownlintLines = linesParser(MARKDOWNLINT_LINES);

export const parseCspell = linesParser({
  pattern: /^(?<file>.+?):(?<line>\d+):(?<column>\d+) - (?<message>.*?)(?: (?:fix|Suggestions): .*)?$/,
  severity: 'error',
  expected: 'cspell’s lines',
  chatter: /^CSpell: Files checked: /,
});
