/** The HTML report, opened and used in a real browser. */
import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { hashBytes } from '../src/host/hash.js';
import type { Measures } from '../src/model/analysis.js';
import type { Diagnostic } from '../src/model/diagnostic.js';
import { type Page, brokenRules, noBrowser, openBrowser } from './browser.js';
import { quality } from './quality.js';
import { repository, temporaryFolder } from './rig.js';

const MANY = 20_000;
const SHOWN = 100;
const HOSTILE = '</script><script>window.hurt = 1</script><img src=x onerror="window.hurt = 1"> \u2028 \\u003c <!--';
const HOSTILE_PATH = 'src/<img src=x onerror=window.hurt=1>.js';
const START = Date.parse('2026-11-21T12:00:00Z');

const pathOf = (number: number): string =>
  number === 0 ? HOSTILE_PATH : `src/folder-${number % 50}/file-${number}.js`;
const sourceOf = (number: number): string => `const before = 1;\nconst value = ${number};\nexport { value };\n`;

function findingOf(number: number): Diagnostic {
  return {
    tool: number % 4 === 0 ? 'tsc' : 'eslint',
    rule: number % 4 === 0 ? 'TS2322' : 'no-unused-vars',
    severity: number % 2 === 0 ? 'error' : 'warning',
    message: number === 0 ? HOSTILE : `what is wrong with number ${number}`,
    path: pathOf(number),
    start: { line: 2, column: 7 },
    end: { line: 2, column: 12 },
    url: number === 0 ? 'javascript:window.hurt=1' : 'https://example.org/rule',
    fixable: number % 10 === 1,
  };
}

const clone: Diagnostic = {
  ...{ tool: 'jscpd', rule: 'duplicate', severity: 'info', message: '3 lines are the same' },
  ...{ path: pathOf(1), start: { line: 1, column: 1 }, end: { line: 3, column: 1 } },
  related: [{ path: pathOf(2), start: { line: 1, column: 1 }, message: 'the same lines' }],
};

const measures = {
  languages: [{ language: 'javascript', files: MANY, bytes: 1, lines: 3 * MANY }],
  folders: [{ folder: 'src', files: MANY, lines: 3 * MANY }],
  functions: [{ path: pathOf(1), name: 'hard', line: 1, complexity: 10, cognitive: 30 }],
  files: [
    {
      ...{ path: pathOf(1), lines: 3, complexity: 10, cognitive: 30, changes: 7, duplicated: 3 },
      worst: { name: 'hard', line: 1, cognitive: 30 },
    },
  ],
  totals: { files: MANY, lines: 3 * MANY, bytes: 1, functions: 1, complexity: 10, cognitive: 30 },
  duplication: { clones: 1, lines: 3, percentage: 0.1 },
} satisfies Measures;

const world = { file: '', page: null as unknown as Page, requests: [] as string[], errors: [] as string[] };

describe.skipIf(noBrowser !== null)(`in Chromium${noBrowser === null ? '' : ` (not without ${noBrowser})`}`, () => {
  beforeAll(async () => {
    const root = bigRun();
    world.file = join(temporaryFolder(), 'report.html');
    const made = quality(root, 'report', '--format', 'html', '--output', world.file);
    expect(made).toMatchObject({ code: 0, err: '' });
    world.page = await (await openBrowser()).newPage();
    world.page.on('request', (request) => world.requests.push(request.url()));
    world.page.on('pageerror', (error) => world.errors.push(error.message));
    await world.page.goto(pathToFileURL(world.file).href);
  });

  const status = (): Promise<string> => world.page.locator('#findings [role=status]').innerText();
  const rows = () => world.page.locator('#findings .rows > li');

  it(`paints ${MANY} findings in ${MANY} files soon, in a file of bounded size, and asks nobody for anything`, async () => {
    expect(statSync(world.file).size).toBeLessThan(15_000_000);
    const paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity";
    // The entry comes a little after the page has loaded.
    await world.page.waitForFunction(`${paint} < Infinity`);
    expect(await world.page.evaluate<number>(paint)).toBeLessThan(1500);
    expect(await status()).toBe('20,001 of 20,001 findings');
    expect(await rows().count()).toBe(SHOWN);
    expect(world.requests).toEqual([pathToFileURL(world.file).href]);
  });

  it('is hurt by no message, name or link', async () => {
    expect(readFileSync(world.file, 'utf8')).not.toContain('window.hurt = 1</script>');
    await world.page.locator('#search').fill('onerror');
    expect(await status()).toBe('1 of 20,001 findings');
    await world.page.locator('#findings .rows summary').first().click();
    expect(await world.page.locator('#findings .rows').innerText()).toContain('<img src=x onerror="window.hurt = 1">');
    expect(await world.page.locator('#findings .body a').count()).toBe(0);
    expect(await world.page.evaluate('String(window.hurt)')).toBe('undefined');
    expect(world.errors).toEqual([]);
    await world.page.locator('#findings [type=reset]').click();
  });

  it('filters by severity, tool, rule and what can be fixed, and begins anew', async () => {
    await world.page.locator('#findings select[name=tool]').selectOption({ label: 'tsc (5000)' });
    expect(await status()).toBe('5,000 of 20,001 findings');
    await world.page.locator('#findings [type=reset]').click();
    await world.page.locator('#findings label:has-text("errors") input').click();
    await expect.poll(status).toBe('10,001 of 20,001 findings');
    await world.page.locator('#findings label:has-text("fixable only") input').check();
    expect(await status()).toBe('2,000 of 20,001 findings');
    await world.page.locator('#findings [type=reset]').click();
    await expect.poll(status).toBe('20,001 of 20,001 findings');
  });

  it('is used by the keyboard: search, source of a finding, more of them', async () => {
    const { keyboard } = world.page;
    await world.page.evaluate('document.activeElement.blur()');
    await keyboard.press('/');
    await keyboard.type('file-4321.js');
    expect(await status()).toBe('1 of 20,001 findings');
    await world.page.locator('#findings .rows summary').focus();
    await keyboard.press('Enter');
    expect(await world.page.locator('#findings .source').innerText()).toContain('const value = 4321;');
    expect(await world.page.locator('#findings mark').innerText()).toBe('value');
    await world.page.locator('#search').fill('');
    await world.page.locator('#findings .more').focus();
    await keyboard.press('Enter');
    expect(await rows().count()).toBe(2 * SHOWN);
    expect(await world.page.evaluate('document.activeElement.tagName')).toBe('SUMMARY');
  });

  it('shows when which job ran, known answers apart, and tells one after the other by arrow keys', async () => {
    const timeline = world.page.locator('#timeline');
    expect(await world.page.locator('#timeline rect.job').count()).toBe(4);
    expect(await world.page.locator('#timeline rect.job.failed').count()).toBe(1);
    expect(await world.page.locator('#timeline circle.known').count()).toBe(1);
    await world.page.locator('.timeline').focus();
    const told = async (): Promise<string> => world.page.locator('#timeline [role=status]').innerText();
    await world.page.keyboard.press('End');
    expect(await told()).toContain('answers for 7 files were known');
    await world.page.keyboard.press('Home');
    expect(await told()).toBe('a#1 in verify-1: 50 files, 100 ms, began after 100 ms, in worker 2');
    await world.page.keyboard.press('ArrowRight');
    expect(await told()).toContain('in worker 1');
    const text = await timeline.innerText();
    expect(text).toContain('verify-1 bounds the run: 150 ms of 400 ms, 38 %');
    expect(text).toContain('at most 3');
    expect(text).toContain('at most 1.5 by this run, 0.25 by others; memory at most 40 %');
    expect(await world.page.locator('#timeline .lanes').first().innerText()).toBe('worker 1\nworker 2\nprogram');
  });

  it('shows what was changed, what was not kept and why, what is twice, and how it went on', async () => {
    await world.page.locator('#changes summary').first().click();
    expect(await world.page.locator('#changes .added').first().innerText()).toContain('+const value');
    await world.page.locator('#refused summary').first().click();
    expect(await world.page.locator('#refused').innerText()).toContain('would have caused tsc');
    expect(await world.page.locator('#refused .body li').first().innerText()).toContain('tsc/TS2322');
    expect(await world.page.locator('#duplication .matrix .shared').count()).toBe(2);
    expect(await world.page.locator('#trends figure').count()).toBeGreaterThan(1);
    expect(await world.page.locator('#analysis ol li').first().innerText()).toBe(
      `${pathOf(1)} changed in 7 commits of the last year; cognitive complexity 30, hard alone 30; 1 finding`,
    );
  });

  it.each(['light', 'dark'] as const)('has nothing that axe objects to, in %s colours', async (colorScheme) => {
    await world.page.emulateMedia({ colorScheme });
    expect(await brokenRules(world.page)).toEqual([]);
  });

  it('changes its colours when asked', async () => {
    const paper = (): Promise<string> => world.page.evaluate('getComputedStyle(document.body).backgroundColor');
    await world.page.emulateMedia({ colorScheme: 'light' });
    const before = await paper();
    await world.page.locator('button.theme').click();
    expect(await paper()).not.toBe(before);
    expect(await brokenRules(world.page)).toEqual([]);
  });
});

/** A repository with one run of 20,000 files, as its log has it. */
function bigRun(): string {
  const root = repository();
  const folder = join(root, '.quality/runs/20261121-120000-abcd');
  mkdirSync(join(folder, 'blobs'), { recursive: true });
  const findings = Array.from({ length: MANY }, (_, number) => findingOf(number));
  for (let number = 0; number < MANY; number += 1) writeSource(join(root, pathOf(number)), sourceOf(number));
  const edits = findings.map((_, number) => editOf(folder, number));
  const job = (step: string, name: string, rest: object) => ({
    step,
    job: name,
    tools: ['eslint'],
    files: 50,
    ...rest,
  });
  const started = { type: 'job-started' };
  const finished = { type: 'job-finished', milliseconds: 100 };
  const guilty = { ...findings[0], message: 'it does not fit' };
  const events: (readonly [number, object])[] = [
    [
      0,
      {
        type: 'run-started',
        run: '20261121-120000-abcd',
        version: '0.1.0',
        root,
        workflow: 'standard',
        mode: 'write',
        commandLine: [],
      },
    ],
    [
      1,
      {
        type: 'plan-made',
        steps: [
          { step: 'verify-1', command: 'verify', effect: 'reads' },
          { step: 'format-1', command: 'format', effect: 'writes' },
        ],
        files: MANY,
        strategy: 'simple',
        parallel: 3,
      },
    ],
    [90, { type: 'step-started', step: 'verify-1', tasks: 1, files: MANY }],
    [100, job('verify-1', 'a#1', { ...started, worker: 2 })],
    [110, job('verify-1', 'a#2', { ...started, worker: 1 })],
    [120, job('verify-1', 'a#3', started)],
    [200, job('verify-1', 'a#1', finished)],
    [210, job('verify-1', 'a#2', { ...finished, failure: 'tool-crashed' })],
    [220, job('verify-1', 'a#3', finished)],
    [230, { type: 'findings', step: 'verify-1', of: 'verify', diagnostics: [...findings, clone] }],
    [235, { type: 'load-read', cores: 2, own: 1.5, others: 0.25, memory: 0.4, jobMemory: 1000 }],
    [236, { type: 'analysis', step: 'verify-1', analysis: measures }],
    [240, { type: 'step-finished', step: 'verify-1', status: 'done', milliseconds: 150 }],
    [250, { type: 'step-started', step: 'format-1', tasks: 1, files: MANY }],
    [260, { type: 'answers-known', step: 'format-1', tools: ['prettier'], files: 7 }],
    [270, job('format-1', 'b#1', started)],
    [300, job('format-1', 'b#1', finished)],
    [310, { type: 'edits-applied', step: 'format-1', written: true, edits }],
    [320, { type: 'edits-taken-back', step: 'format-1', edits: [edits[5]], reason: 'it would have caused tsc TS2322' }],
    [
      320,
      {
        type: 'edit-refused',
        step: 'format-1',
        path: pathOf(5),
        reason: 'it would have caused tsc TS2322',
        findings: [guilty],
      },
    ],
    [330, { type: 'step-finished', step: 'format-1', status: 'done', milliseconds: 80 }],
    [400, { type: 'run-finished', status: 'findings', exitCode: 1, milliseconds: 400 }],
  ];
  const lines = events.map(([at, event], seq) => `${JSON.stringify({ ...event, at: START + at, seq })}\n`);
  writeFileSync(join(folder, 'events.jsonl'), lines.join(''));
  writeFileSync(join(root, '.quality/history.jsonl'), [3, 2, 1].map(trendLine).join(''));
  return root;
}

function trendLine(number: number): string {
  const counts = { error: number * 100, warning: number * 10, info: 0 };
  const point = { workflow: 'standard', status: 'findings', files: MANY, counts, tools: {}, changes: number };
  return `${JSON.stringify({ ...point, run: `2026112${4 - number}-110000-abcd`.replace(/^2026112[23]/, '20261120'), at: START, milliseconds: 1000, refused: 0, known: 0, jobs: 1, duplication: null })}\n`;
}

function writeSource(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  utimesSync(file, START / 1000 - 60, START / 1000 - 60);
}

/** Contents are there for the first of them: those that are looked at. */
function editOf(folder: string, number: number): object {
  const [before, after] = [sourceOf(number).replace('const value', 'var value'), sourceOf(number)];
  const hashes = [before, after].map((text) => {
    const hash = hashBytes(Buffer.from(text));
    if (number < 50 || number === 4321) writeFileSync(join(folder, 'blobs', hash), text);
    return hash;
  });
  const modes = { before: '100644', after: '100644' };
  return { path: pathOf(number), before: hashes[0], after: hashes[1], modes, tools: ['prettier'] };
}
