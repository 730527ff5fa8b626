import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failingLines } from '../src/tools/custom/words.js';
import type { Diagnostic } from '../src/model/diagnostic.js';
import { parseCargo } from '../src/tools/output/cargo.js';
import { parseCheckstyle } from '../src/tools/output/checkstyle.js';
import { inUtf16 } from '../src/tools/output/columns.js';
import { type OutputContext, pathInWorkspace } from '../src/tools/output/context.js';
import { parseEslintJson } from '../src/tools/output/eslint-json.js';
import {
  parseActionlint,
  parseCspell,
  parseGolangci,
  parseHadolint,
  parseMarkdownlint,
  parseMarkdownlintLines,
  parseRuff,
  parseShellcheck,
} from '../src/tools/output/formats.js';
import { parseGcc } from '../src/tools/output/lines.js';
import { parseSarif } from '../src/tools/output/sarif.js';
import { parseStylelint } from '../src/tools/output/stylelint.js';
import { parseUnifiedDiff, readUnifiedDiff } from '../src/tools/output/unified-diff.js';
import { decodeEntities, xmlTags } from '../src/tools/output/xml.js';
import { ToolFault } from '../src/tools/tool-fault.js';

const context: OutputContext = { tool: 'tool', root: '/w', cwd: '/w/packages/a' };

function faultOf(work: () => unknown): ToolFault {
  try {
    work();
  } catch (error) {
    if (error instanceof ToolFault) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('paths', () => {
  it.each([
    ['src/x.ts', 'packages/a/src/x.ts'],
    ['./src/x.ts', 'packages/a/src/x.ts'],
    ['../b/x.ts', 'packages/b/x.ts'],
    ['/w/src/x.ts', 'src/x.ts'],
    ['file:///w/with%20space/%C3%A9.ts', 'with space/é.ts'],
    ['../../../other/x.ts', null],
    ['/elsewhere/x.ts', null],
    ['/w', null],
  ])('%s is %s', (file, path) => expect(pathInWorkspace(file, context)).toBe(path));
});

describe('SARIF', () => {
  const sarif = (run: object): string => JSON.stringify({ version: '2.1.0', runs: [run] });
  const at = (uri: string, region: object = {}, more: object = {}): object => ({
    locations: [{ physicalLocation: { artifactLocation: { uri, ...more }, region } }],
  });

  it('reads level, rule, place, link and template messages', () => {
    const log = sarif({
      tool: {
        driver: {
          name: 't',
          rules: [
            { id: 'R1', helpUri: 'https://r1', defaultConfiguration: { level: 'error' } },
            { id: 'R2', messageStrings: { default: { text: 'no {0} in {1}' } } },
          ],
        },
      },
      results: [
        {
          ruleId: 'R1',
          message: { text: 'bad' },
          ...at('src/a%20b.ts', { startLine: 3, startColumn: 5, endColumn: 9 }),
        },
        { ruleIndex: 1, level: 'note', message: { id: 'default', arguments: ['x', 'y'] }, ...at('file:///w/c.ts') },
        { ruleId: 'R1', message: { text: 'seen' }, suppressions: [{ kind: 'inSource' }], ...at('d.ts') },
        { ruleId: 'R1', kind: 'pass', message: { text: 'fine' }, ...at('d.ts') },
      ],
    });
    expect(parseSarif(log, context)).toEqual([
      {
        tool: 'tool',
        rule: 'R1',
        severity: 'error',
        message: 'bad',
        path: 'packages/a/src/a b.ts',
        start: { line: 3, column: 5 },
        end: { line: 3, column: 9 },
        url: 'https://r1',
      },
      { tool: 'tool', rule: 'R2', severity: 'info', message: 'no x in y', path: 'c.ts' },
    ]);
  });

  it('joins URI bases, and names a place outside of the workspace in the message', () => {
    const log = sarif({
      originalUriBaseIds: { SRC: { uri: 'file:///w/src/' }, OUT: { uri: 'file:///out' } },
      results: [
        { message: { text: 'in' }, ...at('x.ts', {}, { uriBaseId: 'SRC' }) },
        { message: { text: 'out' }, ...at('y.ts', { startLine: 2 }, { uriBaseId: 'OUT' }) },
      ],
    });
    const [inside, outside] = parseSarif(log, context);
    expect(inside).toMatchObject({ path: 'src/x.ts', severity: 'warning', rule: null });
    expect(outside).toMatchObject({ path: null, message: 'file:///out/y.ts:2:1: out' });
  });

  it.each([
    '',
    'oops',
    '{}',
    '[]',
    '{"runs":[{"results":[{"ruleId":"x"}]}]}',
    '{"runs":[{"invocations":[{"executionSuccessful":false}]}]}',
  ])('refuses %j with the raw output', (output) => {
    const { failure } = faultOf(() => parseSarif(output, context));
    expect(failure.kind).toBe('tool-output');
    expect(failure.detail).toBe(output === '' ? '(it printed nothing)' : output);
  });
});

describe('ESLint JSON', () => {
  it('reads messages', () => {
    const output = JSON.stringify([
      { filePath: '/w/x.js', messages: [] },
      {
        filePath: '/w/y.js',
        messages: [
          {
            ruleId: 'semi',
            severity: 1,
            message: 'Missing',
            line: 1,
            column: 9,
            endLine: 2,
            endColumn: 1,
            fix: { range: [8, 8], text: ';' },
          },
          { ruleId: null, fatal: true, severity: 2, message: 'Parsing error', line: 4, column: 1 },
        ],
      },
    ]);
    expect(parseEslintJson(output, context)).toEqual([
      {
        tool: 'tool',
        rule: 'semi',
        severity: 'warning',
        message: 'Missing',
        path: 'y.js',
        start: { line: 1, column: 9 },
        end: { line: 2, column: 1 },
        fixable: true,
      },
      {
        tool: 'tool',
        rule: null,
        severity: 'error',
        message: 'Parsing error',
        path: 'y.js',
        start: { line: 4, column: 1 },
      },
    ]);
  });

  it.each(['null', '{}', '[{}]', '[{"filePath":"x"}]', '[{"filePath":"x","messages":[{}]}]'])('refuses %s', (output) =>
    expect(faultOf(() => parseEslintJson(output, context)).failure.kind).toBe('tool-output'),
  );
});

describe('checkstyle', () => {
  it('reads files, entities and attributes in either quotes', () => {
    const output = `<?xml version="1.0"?>
<!-- <error/> -->
<checkstyle version="4.3">
  <file name="a &amp; b.php"><error line="3" column="7" severity="warning" message="&lt;x&gt; &quot;y&quot; &#x1F600;&#10;z" source="S.R"/></file>
  <file name='c.php'></file><file name='d.php'/>
  <file name='e.php'><error message='no place' severity='error'></error></file>
</checkstyle>`;
    expect(parseCheckstyle(output, context)).toEqual([
      {
        tool: 'tool',
        rule: 'S.R',
        severity: 'warning',
        message: '<x> "y" 😀\nz',
        path: 'packages/a/a & b.php',
        start: { line: 3, column: 7 },
      },
      { tool: 'tool', rule: null, severity: 'error', message: 'no place', path: 'packages/a/e.php' },
    ]);
  });

  it('takes an empty report', () => expect(parseCheckstyle('<checkstyle/>', context)).toEqual([]));

  it.each([
    '',
    'Fatal error',
    '<checkstyle><file name="a">',
    '<checkstyle><error></checkstyle>',
    'a < b <checkstyle/>',
  ])('refuses %j', (output) =>
    expect(faultOf(() => parseCheckstyle(output, context)).failure.kind).toBe('tool-output'),
  );

  it('decodes what an encoder encodes', () => {
    const encode = (text: string): string =>
      text.replace(/[<>&"']/g, (char) => `&#${String(char.charCodeAt(0))};`).replace(/\n/g, '&#xA;');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeEntities(encode(text))).toBe(text);
        expect(xmlTags(`<e m="${encode(text)}"/>`)).toEqual([{ name: 'e', kind: 'empty', attributes: { m: text } }]);
      }),
    );
  });
});

describe('gcc-style lines', () => {
  it('reads what compilers print and passes over the rest', () => {
    const output = [
      'In file included from x',
      'src/a.c:3:5: error: bad thing [-Wbad]',
      '    3 |   bad',
      "src/a.c:4:1: warning: unused variable 'x'",
      '/w/b.c:9: note: see here',
      '\u001B[1m/w/c d.c:1:2:\u001B[0m plain words',
    ].join('\n');
    const found = parseGcc(output, context);
    expect(
      found.map((one) => [one.path, one.severity, one.rule, one.message, one.start?.line, one.start?.column]),
    ).toEqual([
      ['packages/a/src/a.c', 'error', '-Wbad', 'bad thing', 3, 5],
      ['packages/a/src/a.c', 'warning', null, "unused variable 'x'", 4, 1],
      ['b.c', 'info', null, 'see here', 9, 1],
      ['c d.c', 'error', null, 'plain words', 1, 2],
    ]);
  });

  it('takes silence for no findings, and chatter alone for a fault', () => {
    expect(parseGcc('\n', context)).toEqual([]);
    expect(faultOf(() => parseGcc('Segmentation fault\n', context)).failure.kind).toBe('tool-output');
  });

  it('reads back every finding that is printed in its form', () => {
    const word = fc.stringMatching(/^[a-z][a-z ]{0,20}[a-z]$/);
    fc.assert(
      fc.property(word, fc.nat(9999), fc.nat(300), word, (name, line, column, message) => {
        const [found] = parseGcc(`${name}.c:${line + 1}:${column + 1}: warning: ${message} [r-1]`, context);
        expect(found).toMatchObject({
          path: `packages/a/${name}.c`,
          start: { line: line + 1, column: column + 1 },
          message,
          rule: 'r-1',
        });
      }),
    );
  });
});

describe('unified diff', () => {
  const diff = `diff --git a/x.txt b/x.txt
--- a/x.txt
+++ b/x.txt
@@ -1,3 +1,3 @@
 one
-two
+TWO
 three
--- /dev/null
+++ b/new.txt
@@ -0,0 +1 @@
+hello
--- a/old.txt
+++ /dev/null
@@ -1 +0,0 @@
-bye
`;

  it('gives new texts for the texts as they are', async () => {
    const files = await readUnifiedDiff(diff, { ...context, cwd: '/w' });
    expect(files.map(({ path, kind, line }) => [path, kind, line])).toEqual([
      ['x.txt', 'changed', 2],
      ['new.txt', 'created', 1],
      ['old.txt', 'deleted', 1],
    ]);
    expect(files[0]?.apply('one\ntwo\nthree\n')).toBe('one\nTWO\nthree\n');
    expect(files[0]?.apply('one\r\ntwo\r\nthree\r\n')).toBe('one\r\nTWO\r\nthree\r\n');
    expect(files[0]?.apply('something else\n')).toBeNull();
    expect(files[1]?.apply('')).toBe('hello\n');
  });

  it('gives findings', async () => {
    const found = await parseUnifiedDiff(diff, { ...context, cwd: '/w' });
    expect(found.map(({ path, message, start }) => [path, message, start?.line])).toEqual([
      ['x.txt', 'Not formatted', 2],
      ['new.txt', 'Would be created', 1],
      ['old.txt', 'Would be deleted', 1],
    ]);
  });

  it('reads the plain form, with names as they are', async () => {
    const [file] = await readUnifiedDiff('--- a.go.orig\n+++ a.go\n@@ -1 +1 @@\n-x\n+y\n', context);
    expect(file).toMatchObject({ path: 'packages/a/a.go', kind: 'changed' });
  });

  it.each([
    'not a diff',
    '--- a\n+++ b\n',
    '--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n one\n',
    '--- a/../../../x\n+++ b/../../../x\n@@ -1 +1 @@\n-x\n+y\n',
  ])('refuses %j', async (output) => {
    await expect(readUnifiedDiff(output, context)).rejects.toMatchObject({ failure: { kind: 'tool-output' } });
  });

  it('takes silence for no change', async () => expect(await readUnifiedDiff('\n', context)).toEqual([]));
});

describe('the formats of single tools', () => {
  const brief = ({ path, rule, severity, message, start, end, url, fixable }: Diagnostic): unknown[] => [
    path,
    rule,
    severity,
    message,
    ...(start === undefined ? [] : [`${String(start.line)}:${String(start.column)}`]),
    ...(end === undefined ? [] : [`${String(end.line)}:${String(end.column)}`]),
    ...(url === undefined ? [] : [url]),
    ...(fixable === true ? ['fixable'] : []),
  ];

  it('Ruff', () => {
    const output = JSON.stringify([
      {
        code: 'F401',
        filename: '/w/x.py',
        location: { row: 1, column: 8 },
        end_location: { row: 1, column: 10 },
        message: '`os` imported but unused',
        url: 'https://docs.astral.sh/ruff/rules/unused-import',
        fix: { applicability: 'safe', edits: [], message: null },
      },
      { code: null, filename: '/w/y.py', location: { row: 2, column: 1 }, message: 'SyntaxError: x', fix: null },
    ]);
    expect(parseRuff(output, context).map(brief)).toEqual([
      [
        'x.py',
        'F401',
        'error',
        '`os` imported but unused',
        '1:8',
        '1:10',
        'https://docs.astral.sh/ruff/rules/unused-import',
        'fixable',
      ],
      ['y.py', null, 'error', 'SyntaxError: x', '2:1'],
    ]);
  });

  it('golangci-lint, with and without issues', () => {
    const issue = {
      FromLinter: 'errcheck',
      Text: 'unchecked',
      Severity: 'warning',
      Pos: { Filename: 'm.go', Line: 4, Column: 2 },
    };
    expect(parseGolangci(JSON.stringify({ Issues: [issue] }), context).map(brief)).toEqual([
      ['packages/a/m.go', 'errcheck', 'warning', 'unchecked', '4:2'],
    ]);
    expect(parseGolangci('{"Issues":null,"Report":{}}', context)).toEqual([]);
    expect(faultOf(() => parseGolangci('null', context)).failure.kind).toBe('tool-output');
  });

  it('ShellCheck', () => {
    const comment = {
      file: 'x.sh',
      line: 2,
      endLine: 2,
      column: 6,
      endColumn: 8,
      level: 'style',
      code: 2086,
      message: 'Quote',
      fix: { replacements: [1] },
    };
    expect(parseShellcheck(JSON.stringify({ comments: [comment] }), context).map(brief)).toEqual([
      ['packages/a/x.sh', 'SC2086', 'info', 'Quote', '2:6', '2:8', 'https://www.shellcheck.net/wiki/SC2086', 'fixable'],
    ]);
  });

  it('actionlint and hadolint', () => {
    const action = {
      message: 'undefined variable',
      filepath: '.github/workflows/ci.yml',
      line: 6,
      column: 23,
      kind: 'expression',
    };
    expect(parseActionlint(JSON.stringify([action]), { ...context, cwd: '/w' }).map(brief)).toEqual([
      ['.github/workflows/ci.yml', 'expression', 'error', 'undefined variable', '6:23'],
    ]);
    const docker = { code: 'DL3007', column: 1, file: 'Dockerfile', level: 'warning', line: 1, message: 'latest' };
    expect(parseHadolint(JSON.stringify([docker]), context).map(brief)).toEqual([
      [
        'packages/a/Dockerfile',
        'DL3007',
        'warning',
        'latest',
        '1:1',
        'https://github.com/hadolint/hadolint/wiki/DL3007',
      ],
    ]);
  });

  it('markdownlint, as JSON and as lines', () => {
    const item = {
      fileName: 'a.md',
      lineNumber: 2,
      ruleNames: ['MD018', 'no-missing-space-atx'],
      ruleDescription: 'No space after hash',
      ruleInformation: 'https://md018',
      errorDetail: null,
      errorRange: [1, 2],
      fixInfo: { editColumn: 2, insertText: ' ' },
    };
    expect(parseMarkdownlint(JSON.stringify([item]), context).map(brief)).toEqual([
      ['packages/a/a.md', 'MD018', 'error', 'No space after hash', '2:1', 'https://md018', 'fixable'],
    ]);
    const lines = `markdownlint-cli2 v0.22.1 (markdownlint v0.40.0)
Finding: :a.md :b c.md
Linting: 2 file(s)
Summary: 2 error(s)
a.md:2:1 error MD018/no-missing-space-atx No space after hash [Context: "#b"]
b c.md:4 MD012/no-multiple-blanks Multiple consecutive blank lines [Expected: 1; Actual: 2]
`;
    expect(parseMarkdownlintLines(lines, context).map(brief)).toEqual([
      ['packages/a/a.md', 'MD018', 'error', 'No space after hash', '2:1'],
      ['packages/a/b c.md', 'MD012', 'error', 'Multiple consecutive blank lines [Expected: 1; Actual: 2]', '4:1'],
    ]);
    expect(faultOf(() => parseMarkdownlintLines(`${lines}TypeError: x\n`, context)).failure.kind).toBe('tool-output');
  });

  it('cspell', () => {
    expect(parseCspell('s.txt:1:14 - Unknown word (exampel) fix: (example)\n', context).map(brief)).toEqual([
      ['packages/a/s.txt', null, 'error', 'Unknown word (exampel)', '1:14'],
    ]);
  });

  it('stylelint, with warnings of Node around the JSON', () => {
    const results = [
      {
        source: '/w/a.css',
        warnings: [
          { line: 3, column: 6, endLine: 3, endColumn: 10, rule: 'no-x', severity: 'warning', text: 'No x (no-x)' },
        ],
        invalidOptionWarnings: [{ text: 'Unknown rule y' }],
      },
    ];
    const output = `(node:1) Warning: [old]\n${JSON.stringify(results)}\n(Use node --trace-warnings)`;
    expect(parseStylelint(output, context).map(brief)).toEqual([
      ['a.css', 'no-x', 'warning', 'No x', '3:6', '3:10'],
      [null, null, 'error', 'Unknown rule y'],
    ]);
    expect(faultOf(() => parseStylelint('ConfigurationError: none', context)).failure.kind).toBe('tool-output');
  });

  it('cargo: columns by the text of the span, sums left out, repetitions once', () => {
    const span = {
      file_name: 'src/main.rs',
      is_primary: true,
      line_start: 1,
      line_end: 1,
      column_start: 4,
      column_end: 5,
      text: [{ text: '😀😀 x' }],
    };
    const message = {
      reason: 'compiler-message',
      message: {
        level: 'warning',
        message: 'unused',
        code: { code: 'clippy::x' },
        spans: [span],
        children: [{ message: 'for further information visit https://rust-lang.github.io/rust-clippy/x', spans: [] }],
      },
    };
    const sum = {
      reason: 'compiler-message',
      message: { level: 'warning', message: '1 warning emitted', code: null, spans: [], children: [] },
    };
    const output = [message, message, sum, { reason: 'build-finished' }].map((line) => JSON.stringify(line)).join('\n');
    expect(parseCargo(output, context).map(brief)).toEqual([
      [
        'packages/a/src/main.rs',
        'clippy::x',
        'warning',
        'unused',
        '1:6',
        '1:7',
        'https://rust-lang.github.io/rust-clippy/x',
      ],
    ]);
    expect(faultOf(() => parseCargo('{"reason":"x"}\nerror: no Cargo.toml', context)).failure.kind).toBe('tool-output');
  });
});

describe('columns', () => {
  const finding = (column: number): Diagnostic => ({
    tool: 't',
    rule: null,
    severity: 'error',
    message: 'm',
    path: 'x',
    start: { line: 1, column },
  });

  it('turns characters and bytes into UTF-16 units, for any line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
        fc.pre(!/[\r\n]/.test(before + after) && Buffer.from(before).toString() === before);
        const text = `${before}${after}\n`;
        const columnOf = (unit: 'characters' | 'bytes', column: number): number | undefined =>
          inUtf16([finding(column)], unit, () => text)[0]?.start?.column;
        expect(columnOf('characters', Array.from(before).length + 1)).toBe(before.length + 1);
        expect(columnOf('bytes', Buffer.byteLength(before) + 1)).toBe(before.length + 1);
      }),
    );
  });

  it('leaves them where the text is not at hand', () => {
    expect(inUtf16([finding(7)], 'bytes', () => undefined)[0]?.start?.column).toBe(7);
  });
});

describe('which tests failed', () => {
  /** As the runners print it where nobody looks on, cut to what matters. */
  const OUTPUTS: readonly (readonly [runner: string, output: string, names: readonly string[]])[] = [
    [
      'node --test, spec',
      '▶ sum\n  ✖ adds numbers (1.17864ms)\n    AssertionError [ERR_ASSERTION]: 2 == 3\n  ✔ passes (0.1ms)\n✖ sum (2.3ms)\nℹ fail 1\n\n✖ failing tests:\n\ntest at nt/sum.test.mjs:2:25\n✖ adds numbers (1.17864ms)\n',
      ['✖ adds numbers', '✖ sum'],
    ],
    [
      'node --test, TAP',
      '    not ok 1 - adds numbers\n      ---\n    ok 2 - is second\nnot ok 1 - sum\n',
      ['not ok 1 - adds numbers', 'not ok 1 - sum'],
    ],
    [
      'TAP without numbers',
      'ok - fine\nnot ok - adds numbers\nnot ok 3\nnot ok 4 - later # TODO\nnot ok 5 # SKIP no disk\n',
      ['not ok - adds numbers', 'not ok 3'],
    ],
    [
      'vitest',
      ' ❯ vt/sum.test.js (4 tests | 1 failed) 21ms\n     × adds numbers 16ms\n\n FAIL  vt/sum.test.js > sum > adds numbers\nAssertionError: expected 2 to be 3\n',
      ['FAIL vt/sum.test.js > sum > adds numbers', '× adds numbers'],
    ],
    [
      'vitest, TAP',
      'not ok 1 - vt/sum.test.js # time=22.85ms {\n    not ok 1 - sum # time=21.85ms {\n',
      ['not ok 1 - sum', 'not ok 1 - vt/sum.test.js'],
    ],
    [
      'jest, several files',
      'FAIL jt/two.test.js\n  ● Console\n\n  ● sum › is second\n\n    expect(received).toBe(expected)\n\nTests: 1 failed, 2 passed\n',
      ['FAIL jt/two.test.js', '● sum › is second'],
    ],
    ['AVA', '  ✘ [fail]: adds numbers\n  ✔ passes\n  ─\n\n  1 test failed\n', ['✘ [fail]: adds numbers']],
    ['uvu', 'sum.mjs\n✘ •   (1 / 2)\n\n   FAIL  "adds numbers"\n', ['FAIL "adds numbers"']],
    [
      'mocha',
      '  sum\n    1) adds numbers\n    ✔ passes\n\n  2 failing\n\n  1) sum\n       inner suite\n         adds numbers:\n\n      AssertionError: 2 == 3\n\n  2) top level:\n     Error: thrown\n',
      ['adds numbers', 'sum inner suite adds numbers', 'top level'],
    ],
    [
      'RSpec',
      '  1) sum inner is second\n     Failure/Error: it("x") { expect(1).to eq 2 }\n\n       Diff:\n',
      ['sum inner is second'],
    ],
    [
      'minitest',
      '  1) Failure:\nTestSum#test_adds [rb/test_sum.rb:3]:\nExpected: 3\n  Actual: 2\n',
      ['Failure: TestSum#test_adds [rb/test_sum.rb:3]:'],
    ],
    [
      'bats, pretty',
      '\u001b[1G   adds numbers\u001b[K\u001b[77G1/2\u001b[2G\u001b[31;1m\u001b[1G ✗ adds numbers\u001b[K\n\u001b[0m',
      ['✗ adds numbers'],
    ],
    [
      'pytest',
      '____ ERROR at setup of test_error ____\n==== short test summary info ====\nFAILED py/test_sum.py::test_param[2] - assert 2 != 2\nERROR py/test_sum.py::test_error - RuntimeError: no fixture\n2 failed in 0.13s\n',
      ['ERROR py/test_sum.py::test_error', 'FAILED py/test_sum.py::test_param[2]'],
    ],
    [
      'unittest',
      'F.\n=====\nFAIL: test_adds (ut.T.test_adds)\n-----\nAssertionError: 2 != 3\n\nRan 3 tests in 0.001s\n\nFAILED (failures=1)\n',
      ['FAIL: test_adds (ut.T.test_adds)'],
    ],
    [
      'go test',
      '--- FAIL: TestSecond (0.00s)\n    --- FAIL: TestSecond/sub_case (0.01s)\n        sum_test.go:4: bad\nFAIL\nFAIL\texample.com/x/pkg\t0.026s\nFAIL\texample.com/x/other [build failed]\n',
      [
        '--- FAIL: TestSecond',
        '--- FAIL: TestSecond/sub_case',
        'FAIL example.com/x/other [build failed]',
        'FAIL example.com/x/pkg',
      ],
    ],
    [
      'cargo test',
      'test tests::adds ... FAILED\ntest tests::passes ... ok\n\ntest result: FAILED. 1 passed; 1 failed\n',
      ['test tests::adds ... FAILED'],
    ],
    [
      'cargo test --quiet',
      'tests::adds --- FAILED\n\n---- tests::adds stdout ----\n',
      ['---- tests::adds stdout ----', 'tests::adds --- FAILED'],
    ],
    [
      'cargo test that does not compile',
      'error[E0425]: cannot find value `nosuch` in this scope\n --> src/extra.rs:1:23\n',
      ['error[E0425]: cannot find value `nosuch` in this scope'],
    ],
    ['bun', '(fail) sum > adds numbers [0.31ms]\n(pass) sum > ok\n 1 fail\n', ['(fail) sum > adds numbers']],
    [
      'Deno',
      'adds numbers ... FAILED (12ms)\nis second ... FAILED (due to 1 failed step) (2ms)\n\nFAILED | 0 passed | 2 failed (1 step) (20ms)\n',
      ['adds numbers ... FAILED', 'is second ... FAILED (due to 1 failed step)'],
    ],
  ];

  it.each(OUTPUTS)('%s', (_, output, names) => expect(failingLines(output)).toEqual(names));
});
