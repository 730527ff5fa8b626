/** What other programs are given of a run: in their formats, within their limits, whatever a message or a name looks like. */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { findRun } from '../src/history.js';
import type { Diagnostic } from '../src/model/diagnostic.js';
import { recordOf } from '../src/record.js';
import { readable, uriOf, xml } from '../src/reporters/characters.js';
import { FORMATS } from '../src/reporters/registry.js';
import { replacementsBetween } from '../src/reporters/sarif-fixes.js';
import { type Part, fitting } from '../src/reporters/sarif-limits.js';
import { findTarget } from '../src/target.js';
import { parseCheckstyle } from '../src/tools/output/checkstyle.js';
import { parseSarif } from '../src/tools/output/sarif.js';
import { decodeEntities, xmlTags } from '../src/tools/output/xml.js';
import { PACKAGE_FOLDER, quality } from './quality.js';
import { read, repository, temporaryFolder } from './rig.js';

const NASTY = `bad | \`x\` ]]> </script><!-- @everyone #1 & "q" 'p' \u2028 \u0000\u001b[31mred\u001b[0m \ud800 end\nsecond line`;
const NAMES = ['src/a.js', 'src/<b> & "c" \'d\' | `é` #%20?.js', 'src/new\nline.js'];

const HOUSE = `export default [{ files: ['src/**'], plugins: { house: { rules: { nasty: { create: (context) => ({ Identifier(node) {
  if (node.name === 'old') context.report({ node, message: ${JSON.stringify(NASTY)} });
} }) } } } }, rules: { 'house/nasty': 'error', 'prefer-const': 'warn' } }];\n`;

const TREE = {
  'package.json': '{ "type": "module", "scripts": { "lint": "eslint ." } }\n',
  '.prettierrc.json': '{}\n',
  'eslint.config.js': HOUSE,
  '.prettierignore': 'eslint.config.js\npackage.json\nsrc/<b>*\nsrc/new*\n',
  ...Object.fromEntries(NAMES.map((name) => [name, 'old;\nold;\n'])),
  'src/unformatted.js': 'export const a   = 1;\nlet b = 2;\n\n\nexport const c =    [ b ];',
};

/** Made once: a check of the same tree, at the top of a repository and below it. */
const world = { top: '', below: '', reports: '' };
const made = (name: string): string => readFileSync(join(world.reports, name), 'utf8');

beforeAll(() => {
  world.top = repository(TREE);
  world.reports = temporaryFolder();
  const wanted = Object.keys(FORMATS).flatMap((format) => ['--report', `${format}=${join(world.reports, format)}`]);
  expect(quality(world.top, 'run', '--check', '--only', 'verify,format', ...wanted).code).toBe(1);
});

const findings = (): readonly Diagnostic[] => (JSON.parse(made('json')) as { findings: Diagnostic[] }).findings;
const placeOf = ({ path, start }: Pick<Diagnostic, 'path' | 'start'>): string =>
  `${String(path)}:${String(start?.line ?? 1)}`;
const places = (list: readonly Diagnostic[]): string[] => list.map(placeOf).sort();
const context = (cwd: string) => ({ tool: 'quality', root: cwd, cwd });

describe('SARIF', () => {
  const require = createRequire(join(PACKAGE_FOLDER, 'package.json'));
  const schemaFile = join(PACKAGE_FOLDER, 'node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');

  it.skipIf(!existsSync(schemaFile))('holds to the published schema', () => {
    const Ajv = require('ajv') as new (options: object) => {
      addMetaSchema: (schema: unknown) => void;
      compile: (schema: unknown) => { (value: unknown): boolean; errors?: unknown };
    };
    const ajv = new Ajv({ schemaId: 'auto', unknownFormats: 'ignore' });
    ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json'));
    const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')));
    validate(JSON.parse(made('sarif')));
    expect(validate.errors).toBeNull();
  });

  it('is read back as the findings of the run', () => {
    expect(findings().length).toBeGreaterThan(6);
    expect(places(parseSarif(made('sarif'), context(world.top)))).toEqual(places(findings()));
  });

  it('carries fixes that make of the file what the run makes of it', () => {
    const [fixed] = resultsOf(made('sarif')).flatMap((result) => result.fixes ?? []);
    const [{ replacements, artifactLocation }] = fixed!.artifactChanges;
    const path = decodeURIComponent(artifactLocation.uri);
    expect(path).toBe('src/unformatted.js');
    const again = repository(TREE);
    quality(again, 'run', '--only', 'verify,format');
    expect(applied(read(world.top, path), replacements)).toBe(read(again, path));
  });

  it('names files from the top of the repository, and a file where a finding has none', () => {
    const root = repository({
      'inner/.quality-config.json': '{}',
      'inner/package.json': '{ "scripts": { "lint": "eslint gone" } }',
      'inner/.prettierrc': '{}',
      'inner/a b.js': 'x',
      'inner/eslint.config.js': 'export default [];\n',
    });
    const inner = join(root, 'inner');
    quality(inner, 'run', '--check', '--only', 'verify');
    const log = quality(inner, 'report', '--format', 'sarif').out;
    const uris = resultsOf(log).map((result) => result.locations[0]!.physicalLocation.artifactLocation.uri);
    expect(uris).toContain('inner/a%20b.js');
    expect(uris).toContain('inner/.quality-config.json');
    const issues = JSON.parse(quality(inner, 'report', '--format', 'gitlab').out) as { location: { path: string } }[];
    expect(issues.map((issue) => issue.location.path)).toContain('inner/a b.js');
    expect(
      parseCheckstyle(quality(inner, 'report', '--format', 'checkstyle').out, context(root)).map((one) => one.path),
    ).toContain('inner/a b.js');
  });

  it('keeps the worst where there are more results than code scanning takes', () => {
    const many = Array.from({ length: 25_010 }, (_, number): Diagnostic => ({
      tool: 'eslint',
      rule: 'r',
      severity: number < 25_000 ? 'warning' : 'error',
      message: `m`,
      path: `f${String(number)}.js`,
      start: { line: 1, column: 1 },
    }));
    const { out, err } = quality(loggedRun({ findings: many }), 'report', '--format', 'sarif');
    const results = resultsOf(out);
    expect(results.length).toBe(25_000);
    expect(err).toContain('The worst 25000 of 25010 results are here');
    expect(out).toContain('The worst 25000 of 25010 results are here');
    expect(results.filter((result) => result.level === 'error').length).toBe(10);
    expect(new Set(results.map((result) => result.partialFingerprints.primaryLocationLineHash)).size).toBe(25_000);
  });

  it('leaves out fixes first, then what is least bad, where the file would be larger than code scanning takes', async () => {
    // Nothing that packs well.
    const large = randomBytes(10_100_000).toString('base64');
    const told: string[] = [];
    const problems = Array.from({ length: 4 }, () => ({})) as unknown as Parameters<typeof fitting>[0];
    const small = ({ problems: { length }, hasFixes, cut }: Part): string => JSON.stringify([length, hasFixes, cut]);
    const madeOf = (isSmall: (part: Part) => boolean): Promise<string> =>
      fitting(
        problems,
        (part) => Promise.resolve(isSmall(part) ? small(part) : large),
        (words) => void told.push(words),
      );
    expect(await madeOf(() => true)).toBe('[4,true,null]');
    expect(told).toEqual([]);
    expect(await madeOf(({ hasFixes }) => !hasFixes)).toMatch(/^\[4,false,"Fixes are left out/);
    expect(await madeOf((part) => part.problems.length < 3)).toMatch(/^\[2,false,"The worst 2 of 4 results/);
    expect(told.length).toBe(2);
  });

  it('turns one text into the other by its replacements, whatever they are', async () => {
    const text = fc.array(fc.constantFrom('a', 'b', '\n', '\r\n', 'é', '')).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(text, text, async (before, after) => {
        expect(applied(before, (await replacementsBetween(before, after)) as Replacement[])).toBe(after);
      }),
    );
  });
});

interface Replacement {
  deletedRegion: { startLine: number; startColumn: number; endLine: number; endColumn: number };
  insertedContent?: { text: string };
}
interface Result {
  level: string;
  locations: { physicalLocation: { artifactLocation: { uri: string } } }[];
  partialFingerprints: { primaryLocationLineHash: string };
  fixes?: { artifactChanges: [{ artifactLocation: { uri: string }; replacements: Replacement[] }] }[];
}

function resultsOf(log: string): Result[] {
  return (JSON.parse(log) as { runs: [{ results: Result[] }] }).runs[0].results;
}

function applied(text: string, replacements: readonly Replacement[]): string {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const offset = (line: number, column: number): number => starts[line - 1]! + column - 1;
  return [...replacements].reverse().reduce((now, { deletedRegion: at, insertedContent }) => {
    const from = offset(at.startLine, at.startColumn);
    const to = offset(at.endLine, at.endColumn);
    return `${now.slice(0, from)}${insertedContent?.text ?? ''}${now.slice(to)}`;
  }, text);
}

describe('XML', () => {
  const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u;

  it.each(['junit', 'checkstyle'])('%s holds no character that XML has no place for', (format) => {
    expect(made(format)).not.toMatch(FORBIDDEN);
    expect(made(format)).not.toContain('\u001B');
  });

  it('checkstyle is read back as the findings of the run', () => {
    expect(places(parseCheckstyle(made('checkstyle'), context(world.top)))).toEqual(places(findings()));
  });

  it('JUnit counts what it holds, a suite for each tool, and a passed one for a tool that found nothing', () => {
    const tags = xmlTags(made('junit')) ?? [];
    const opened = tags.filter((tag) => tag.kind !== 'close');
    const named = (name: string) => opened.filter((tag) => tag.name === name);
    expect(
      named('testsuite')
        .map((tag) => tag.attributes.name)
        .sort(),
    ).toEqual(['eslint', 'prettier']);
    expect(named('testcase').length).toBe(findings().length);
    expect(named('testsuites')[0]?.attributes).toMatchObject({
      tests: String(findings().length),
      failures: String(named('failure').length),
    });
    expect(named('failure')[0]?.attributes.message).toMatch(/^(bad \||Not)/);
    const clean = quality(loggedRun({ tools: ['eslint'] }), 'report', '--format', 'junit').out;
    expect(clean).toContain('<testcase classname="eslint" name="no findings"');
  });

  it('keeps every text that XML can hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(xml(text)).not.toMatch(FORBIDDEN);
        expect(xmlTags(`<e m="${xml(text)}"/>`)?.[0]?.attributes.m).toBe(readable(text));
        expect(decodeEntities(xml(text))).toBe(readable(text));
      }),
      { numRuns: 30 },
    );
  });
});

describe('GitLab', () => {
  it('has issues with places inside the repository and a fingerprint each that the next run finds again', () => {
    const issuesOf = (text: string) =>
      JSON.parse(text) as {
        fingerprint: string;
        severity: string;
        location: { path: string; lines: { begin: number } };
      }[];
    const issues = issuesOf(made('gitlab'));
    expect(issues.length).toBe(findings().length);
    expect(new Set(issues.map((issue) => issue.fingerprint)).size).toBe(issues.length);
    for (const { location } of issues) {
      expect(location.path).toMatch(/^(src\/|package\.json)/);
      expect(location.lines.begin).toBeGreaterThanOrEqual(1);
    }
    quality(world.top, 'run', '--check', '--only', 'verify,format');
    const next = issuesOf(quality(world.top, 'report', '--format', 'gitlab').out);
    expect(next.map((issue) => issue.fingerprint)).toEqual(issues.map((issue) => issue.fingerprint));
  });
});

describe('Markdown', () => {
  it('stays a table of four columns, calls nobody, and opens no tag', () => {
    const text = made('markdown');
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    expect(rows.length).toBe(findings().length + 1);
    for (const row of rows.slice(1)) {
      expect(row.replace(/\\\|/g, '').split('|').length).toBe(6);
      const outsideCode = row.replace(/(`+) ?.*?[^`]\1(?!`)/g, '');
      expect(outsideCode).not.toMatch(/(^|[^\\])<|@\w|#\d/);
    }
  });

  it('is never longer than a comment may be, and says what is missing', () => {
    const many = Array.from({ length: 3000 }, (_, number): Diagnostic => ({
      tool: 't',
      rule: 'r',
      severity: 'error',
      message: `something about ${String(number)}`,
      path: `src/f${String(number)}.js`,
    }));
    const text = quality(loggedRun({ findings: many }), 'report', '--format', 'markdown').out;
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toMatch(/… and \d+ lines more/);
  });
});

describe('a run that was cut off', () => {
  it('has reports of what it had found until then, and none looks like that of a clean run', async () => {
    const root = repository(TREE);
    quality(root, 'run', '--check', '--only', 'verify,format');
    const [id] = readdirSync(join(root, '.quality/runs'));
    const log = join(root, '.quality/runs', id!, 'events.jsonl');
    const text = readFileSync(log, 'utf8');
    // In the middle of the line behind the findings.
    truncateSync(log, Buffer.byteLength(text.slice(0, text.indexOf('\n', text.indexOf('"type":"findings"')) + 30)));
    const report = await reportsOf(root);
    expect(quality(root, 'report', id!.slice(0, 15)).out).toContain('Unfinished');
    expect(report('markdown')).toMatch(/^### ❌/);
    expect(report('junit')).toContain('classname="quality/unfinished"');
    expect(report('checkstyle')).toContain('source="quality.unfinished"');
    expect(report('gitlab')).toContain('"severity": "blocker"');
    expect(report('sarif')).toContain('"executionSuccessful": false');
    expect(places(parseSarif(report('sarif'), context(root)))).toEqual(
      places([...findings(), { path: 'package.json' } as Diagnostic]),
    );
    expect(report('html')).toContain('"status":"unfinished"');
  });

  it('has reports even when nothing but its folder is there', async () => {
    const root = loggedRun({});
    writeFileSync(join(root, '.quality/runs/20261121-120000-abcd/events.jsonl'), '');
    const report = await reportsOf(root);
    for (const format of Object.keys(FORMATS)) expect(report(format)).not.toBe('');
  });
});

describe('the terminal', () => {
  it('shows source with a marker for the first findings, the rest in lines, and the count of those left out', () => {
    const many = Array.from({ length: 5000 }, (_, number): Diagnostic => ({
      tool: 'eslint',
      rule: number % 2 === 0 ? 'even' : 'odd',
      severity: number === 4999 ? 'error' : 'warning',
      message: 'said',
      path: 'src/a.js',
      start: { line: 1, column: 7 },
      end: { line: 1, column: 10 },
    }));
    const root = loggedRun({ findings: many, files: { 'src/a.js': 'const old = 1;\n' } });
    const text = quality(root, 'report').out;
    const lines = text.split('\n');
    expect(lines.length).toBeLessThan(50);
    expect(lines.slice(0, 4)).toEqual([
      '1 error, 4999 warnings remain',
      '  src/a.js:1:7  error  said  eslint odd',
      '      1 | const old = 1;',
      '        |       ^^^',
    ]);
    expect(text).toContain('… and 4990 more (`quality report --verbose` shows all');
    expect(text).toContain('by rule: eslint/odd 2500, eslint/even 2500');
    expect(
      quality(root, 'report', '--verbose')
        .out.split('\n')
        .filter((line) => line.startsWith('  src/a.js')).length,
    ).toBe(5000);
    expect(
      quality(root, 'report', '--quiet')
        .out.split('\n')
        .filter((line) => !line.startsWith('src/a.js')),
    ).toEqual(['… and 4975 more (`quality report --verbose` shows all)', '']);
  });

  it('shows one finding of each rule before the second one of any, where not all are shown', () => {
    const many = Array.from({ length: 500 }, (_, number): Diagnostic => ({
      ...{ tool: 'eslint', rule: number === 480 ? 'rare' : 'common', severity: number < 490 ? 'error' : 'warning' },
      ...{ message: 'said', path: 'a.js', start: { line: number + 1, column: 1 }, url: 'https://example.org/rule' },
    }));
    const lines = quality(loggedRun({ findings: many }), 'report').out.split('\n');
    expect(lines.slice(0, 4)).toEqual([
      '490 errors, 10 warnings remain',
      '  a.js:1:1  error  said  eslint common  https://example.org/rule',
      '  a.js:481:1  error  said  eslint rare  https://example.org/rule',
      // Where more is said about a rule is said once.
      '  a.js:2:1  error  said  eslint common',
    ]);
    expect(lines).toContain('Findings remain: 490 errors, 10 warnings, in 1.0 s');
  });

  it('shows new findings first, and steers no terminal', () => {
    const root = repository(TREE);
    quality(root, 'run', '--check', '--only', 'verify');
    writeFileSync(join(root, 'src/unformatted.js'), 'old;\n');
    const { out } = quality(root, 'run', '--check', '--only', 'verify');
    expect(out).toMatch(/remain, 1 of them new\n {2}new {2}src\/unformatted\.js:1:1 {2}error {2}bad \|/);
    expect(out).not.toMatch(/[\u0000-\u0008\u000B-\u001F]/);
  });
});

describe('other questions', () => {
  it('says where the time went, how fast, with how much memory, and what bounds the run', () => {
    const at = Date.now();
    const job = (type: string, number: number, more: object) => ({
      ...{ type, step: 'verify-1', job: `a#${number}`, tools: ['eslint'], files: 10, worker: 1, ...more },
    });
    // Three after another beside a fourth, which then runs on alone.
    const events = [100, 200, 300, 4000].flatMap((milliseconds, number) => {
      const start = number === 3 ? at : at + [0, 100, 300][number]!;
      const end = {
        at: start + milliseconds,
        milliseconds,
        bytes: 1024 * 1024,
        memory: (number + 1) * 100 * 1024 ** 2,
      };
      return [job('job-started', number, { at: start }), job('job-finished', number, end)];
    });
    const logged = {
      tools: ['prettier'],
      parallel: 2,
      events: [...events, job('job-retried', 3, { reason: 'r' })],
      milliseconds: 4000,
      at: at + 4000,
    };
    const rows = timingRows(loggedRun(logged));
    expect(rows.table).toEqual([
      [
        'step',
        'tools',
        'jobs',
        'files',
        'known',
        'min',
        'median',
        'p95',
        'max',
        'in all',
        'files/s',
        'bytes/s',
        'memory',
        'retries',
      ],
      ['verify-1', 'prettier', '0', '0', '1'],
      [
        'verify-1',
        'eslint',
        '4',
        '40',
        '0',
        '100 ms',
        '200 ms',
        '4.0 s',
        '4.0 s',
        '4.6 s',
        '9',
        '890 KiB',
        '400 MiB',
        '1',
      ],
      [
        'verify-1',
        'all',
        '4',
        '40',
        '1',
        '100 ms',
        '200 ms',
        '4.0 s',
        '4.0 s',
        '4.6 s',
        '9',
        '890 KiB',
        '400 MiB',
        '1',
      ],
    ]);
    expect(rows.rest).toEqual([
      'verify-1 bounds the run: 4.0 s of 5.0 s, 80 %, most of it eslint (4.6 s of jobs).',
      'For 3.4 s of it one job ran where 2 may (eslint on 10 files, 3.4 s alone): more cores would not shorten it, less work for this tool would.',
      '`TIMING=all npx eslint .` names its slowest rules.',
    ]);
  });

  it.each([
    [{}, 'For 4.0 s of it the one job that may run at a time did: more cores would shorten it.'],
    [
      { type: 'load-read', cores: 2, own: 0.8, others: 1.2, memory: 0.5, jobMemory: null },
      'For 4.0 s of it the one job that may run at a time did: others kept 1.2 of 1 core busy; a quieter machine would shorten it.',
    ],
  ])('tells a run that others hold up from one that needs more cores: %j', (reading, words) => {
    const at = Date.now();
    const job = { step: 'verify-1', job: 'a', tools: ['own'], files: 1 };
    const events = [
      { ...job, type: 'job-started', at },
      ...('type' in reading ? [{ ...reading, at: at + 2000 }] : []),
      { ...job, type: 'job-finished', at: at + 4000, milliseconds: 4000 },
    ];
    expect(timingRows(loggedRun({ events, milliseconds: 4000, at: at + 4000 })).rest[1]).toBe(words);
  });

  it('says how it went over the runs so far, those that are gone included', () => {
    const root = repository({ '.prettierrc.json': '{}\n', 'a.js': 'a  ;\n', 'b.js': 'b  ;\n' });
    quality(root, 'run', '--check', '--only', 'verify');
    writeFileSync(join(root, 'a.js'), 'a;\n');
    quality(root, 'run', '--check', '--only', 'verify');
    rmSync(join(root, '.quality/runs', readdirSync(join(root, '.quality/runs'))[0]!), { recursive: true });
    const { out } = quality(root, 'report', '--trend');
    expect(out).toMatch(/ {2}size {11}█▇ {2}/);
    expect(out).toMatch(/2 runs since \d{4}-\d\d-\d\d\n {2}errors {9}█▅ {2}1, was 2\n/);
  });
});

describe('the command line', () => {
  it.each([
    [['report', '--format', 'pdf'], 2],
    [['report', 'nothing'], 2],
    [['run', '--check', '--report', 'pdf=x'], 2],
    [['run', '--check', '--report', 'sarif'], 2],
  ])('%j ends with %i', (args, code) => expect(quality(world.top, ...args).code).toBe(code));

  it('says when a report cannot be written', () => {
    const ended = quality(world.top, 'report', '--format', 'sarif', '--output', 'package.json/x');
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toContain('The report could not be written');
  });
});

it('encodes every path so that it can be told again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (path) => {
      expect(decodeURIComponent(uriOf(path))).toBe(path);
      expect(uriOf(path)).toMatch(/^[\w.!~*'()%/-]*$/);
    }),
  );
});

/** Of the newest run, in every format. */
async function reportsOf(root: string): Promise<(format: string) => string> {
  const [target, past] = [await findTarget(root), await findRun(root, undefined)];
  if (!target.ok || !past.ok) throw new Error('there is no run');
  const record = await recordOf(target.value, past.value);
  const texts = new Map<string, string>();
  for (const [name, load] of Object.entries(FORMATS))
    texts.set(name, await (await load())(record, { color: false, verbosity: 'normal' }));
  return (format) => texts.get(format) ?? '';
}

function timingRows(root: string): { readonly table: string[][]; readonly rest: string[] } {
  const [table = '', rest = ''] = quality(root, 'report', '--timing').out.trimEnd().split('\n\n');
  return { table: table.split('\n').map((line) => line.trim().split(/\s{2,}/)), rest: rest.split('\n') };
}

interface Logged {
  readonly findings?: readonly Diagnostic[];
  readonly tools?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly events?: readonly object[];
  /** Of the step. */
  readonly milliseconds?: number;
  readonly parallel?: number;
  /** When all happened that says nothing else. */
  readonly at?: number;
}

/** A repository with one run in it that is nothing but its log. */
function loggedRun(logged: Logged): string {
  const { findings: diagnostics = [], tools = [], files = {}, events: more = [], milliseconds = 1 } = logged;
  const { parallel = 1, at = Date.now() + 1000 } = logged;
  const root = repository({ 'package.json': '{}', ...files });
  const folder = join(root, '.quality/runs/20261121-120000-abcd');
  mkdirSync(folder, { recursive: true });
  const events = [
    {
      type: 'run-started',
      run: '20261121-120000-abcd',
      version: '0.1.0',
      root,
      workflow: 'standard',
      mode: 'write',
      commandLine: [],
    },
    {
      type: 'plan-made',
      steps: [{ step: 'verify-1', command: 'verify', effect: 'reads' }],
      files: 1,
      strategy: 'simple',
      parallel,
    },
    { type: 'step-started', step: 'verify-1', tasks: 1, files: 1 },
    ...tools.map((tool) => ({ type: 'answers-known', step: 'verify-1', tools: [tool], files: 1 })),
    ...more,
    { type: 'findings', step: 'verify-1', of: 'verify', diagnostics },
    { type: 'step-finished', step: 'verify-1', status: 'done', milliseconds },
    {
      type: 'run-finished',
      status: diagnostics.length === 0 ? 'clean' : 'findings',
      exitCode: 0,
      milliseconds: 1000 + milliseconds,
    },
  ];
  writeFileSync(
    join(folder, 'events.jsonl'),
    events.map((event, seq) => `${JSON.stringify({ at, ...event, seq })}\n`).join(''),
  );
  return root;
}
