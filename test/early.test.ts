/** Tools that load while it is still planned what they will do, and what is kept of their compiled code. */
import { appendFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type Fresh, type Pack, readPack, writePack } from '../src/host/compiled-pack.js';
import { NEAT, type Reported, configOf, eslintRule, run, survivors } from './fixtures-tools/rig.js';
import { type Ended, quality } from './quality.js';
import { repository, temporaryFolder, writeTree } from './rig.js';

/** What the early job looks at; there is no such file. */
const EMPTY = 'quality-warm-up.js';

interface Scene {
  readonly folder: string;
  /** Base names of what ESLint has looked at since this was asked last. */
  readonly linted: () => readonly string[];
  readonly lint: () => Promise<Reported>;
}

/** A project whose one rule notes each file that it sees, and then does this. */
function scene(body = ''): Scene {
  const log = join(temporaryFolder(), 'linted');
  const note = `process.getBuiltinModule('node:fs').appendFileSync(${JSON.stringify(log)}, name + '\\n')`;
  const folder = repository({
    'src/a.js': NEAT,
    'src/b.js': NEAT,
    'notes.md': '# Notes\n',
    ...configOf({ verify: { checks: ['lint'] } }),
    ...eslintRule(`${note}; ${body}`),
  });
  const at = { seen: 0 };
  return {
    folder,
    linted: () => {
      const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : [];
      const fresh = lines.slice(at.seen);
      at.seen = lines.length;
      return fresh;
    },
    lint: () => run(folder, ['--only', 'verify']),
  };
}

function change(folder: string, path: string): void {
  appendFileSync(join(folder, path), '\n// More.\n');
}

describe.concurrent('tools of the last run', () => {
  it('begin to load where a file of theirs has changed, and only there', async () => {
    const { folder, linted, lint } = scene();
    expect((await lint()).code).toBe(0);
    expect(linted()).toEqual(['a.js', 'b.js']);

    change(folder, 'src/a.js');
    const changed = await lint();
    expect(changed).toMatchObject({ code: 0, report: { findings: [], failures: [] } });
    expect(linted()).toEqual([EMPTY, 'a.js']);
    expect(await survivors(changed.mark)).toEqual([]);

    expect((await lint()).code).toBe(0);
    change(folder, 'notes.md');
    expect((await lint()).code).toBe(0);
    expect(linted()).toEqual([]);
  });

  it('say what the config says now, whatever it said when they began', async () => {
    const { folder, lint } = scene();
    expect((await lint()).code).toBe(0);
    change(folder, 'src/a.js');
    writeTree(folder, eslintRule("context.report({ loc: { line: 1, column: 0 }, message: 'now' })"));
    const { code, report } = await lint();
    expect({ code, messages: report.findings.map(({ message }) => message) }).toEqual({
      code: 1,
      messages: ['now', 'now'],
    });
  });

  it('may crash over it: the run goes on without', async () => {
    const { folder, linted, lint } = scene(`if (name === ${JSON.stringify(EMPTY)}) process.exit(7)`);
    expect((await lint()).code).toBe(0);
    change(folder, 'src/a.js');
    expect(await lint()).toMatchObject({ code: 0, report: { findings: [], failures: [] } });
    expect(linted().filter((name) => name === 'a.js')).toHaveLength(2);
  });
});

describe('compiled code', () => {
  it('is kept from the second run on, and not believed when it is damaged', async () => {
    const { folder, lint } = scene(
      "if (name === 'a.js') context.report({ loc: { line: 1, column: 0 }, message: 'no' })",
    );
    const messages = async (): Promise<string[]> => (await lint()).report.findings.map(({ message }) => message);
    const kept = join(folder, '.quality/local/compiled');
    expect(await messages()).toEqual(['no']);
    expect(existsSync(kept)).toBe(false);
    change(folder, 'src/a.js');
    expect(await messages()).toEqual(['no']);
    const files = readdirSync(kept, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) damage(join(file.parentPath, file.name));
    change(folder, 'src/a.js');
    expect(await messages()).toEqual(['no']);
    change(folder, 'src/a.js');
    expect(await messages()).toEqual(['no']);
  });
});

describe('where modules were found', () => {
  const PLUGIN = 'node_modules/eslint-plugin-where';
  const says = (text: string): string => `module.exports = ${JSON.stringify(text)};\n`;

  it('is kept as long as nothing stands there otherwise', async () => {
    const { folder, lint } = scene();
    writeTree(folder, {
      '.gitignore': 'node_modules\n',
      'eslint.config.mjs': `import where from 'eslint-plugin-where';
export default [{ files: ['src/*.js'], plugins: { where }, rules: { 'where/rule': 'error' } }];
`,
      [`${PLUGIN}/package.json`]: '{ "name": "eslint-plugin-where", "main": "index.js" }\n',
      [`${PLUGIN}/index.js`]: `const message = \`\${require('./part')} \${require('dep')}\`;
const create = (context) => ({ Program: () => context.report({ loc: { line: 1, column: 0 }, message }) });
module.exports = { rules: { rule: { create } } };
`,
      [`${PLUGIN}/part.js`]: says('part.js'),
      'node_modules/dep/index.js': says('dep'),
    });
    const message = async (): Promise<string | undefined> => {
      change(folder, 'src/a.js');
      const { report } = await lint();
      return report.findings.find(({ path }) => path === 'src/a.js')?.message;
    };
    const threeTimes = async (): Promise<readonly unknown[]> => [await message(), await message(), await message()];
    const placesKept = (): string =>
      readdirSync(join(folder, '.quality/local/compiled'), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => readFileSync(join(folder, '.quality/local/compiled', name), 'latin1'))
        .join();
    expect(await threeTimes()).toEqual(Array(3).fill('part.js dep'));
    expect(placesKept()).toContain('"./part"');
    writeTree(folder, { [`${PLUGIN}/node_modules/dep/index.js`]: says('nearer') });
    expect(await threeTimes()).toEqual(Array(3).fill('part.js nearer'));
    rmSync(join(folder, PLUGIN, 'part.js'));
    writeTree(folder, { [`${PLUGIN}/part/index.js`]: says('part/index.js') });
    expect(await threeTimes()).toEqual(Array(3).fill('part/index.js nearer'));
    writeTree(folder, {
      [`${PLUGIN}/node_modules/dep/package.json`]: '{ "main": "./other.js" }\n',
      [`${PLUGIN}/node_modules/dep/other.js`]: says('other'),
    });
    expect(await threeTimes()).toEqual(Array(3).fill('part/index.js other'));
  });
});

describe('a config that was found right', () => {
  it('counts as it stands now, whatever is kept of it', () => {
    const folder = repository({ 'a.js': NEAT, ...configOf({ workflows: { own: { steps: ['verify'] } } }) });
    const plan = (): Ended => quality(folder, 'plan', '--workflow', 'own');
    const right = { code: 0, out: expect.stringContaining('own') as string };
    expect(plan()).toMatchObject(right);
    expect(plan()).toMatchObject(right);
    const kept = join(folder, '.quality/local/config.json');
    expect(existsSync(kept)).toBe(true);
    expect(plan()).toMatchObject(right);
    writeFileSync(kept, '{"key":');
    expect(plan()).toMatchObject(right);
    writeTree(folder, configOf({ workflows: { other: { steps: ['verify'] } } }));
    expect(plan()).toMatchObject({ code: 2, err: expect.stringContaining('no workflow "own"') as string });
    writeTree(folder, configOf({ workflows: { own: { steps: ['verfy'] } } }));
    expect(plan()).toMatchObject({ code: 2, err: expect.stringContaining('`verify`') as string });
  });
});

describe('the file of compiled code', () => {
  it('keeps what an earlier turn of the same worker has written', async () => {
    const file = join(temporaryFolder(), 'pack');
    const fresh = (name: string): Fresh => {
      const text = `(function () { return ${JSON.stringify(name)}; })`;
      return { key: name, path: `/${name}.js`, text, script: new Script(text, { filename: `/${name}.js` }) };
    };
    const pack: Pack = { known: readPack(file), used: new Set(), fresh: [] };
    for (const name of ['one', 'two']) {
      pack.fresh.push(fresh(name));
      await writePack(file, pack, () => Promise.resolve(false));
    }
    const kept = [...readPack(file)];
    expect(kept.map(([name]) => name)).toEqual(['one', 'two']);
    for (const [name, cachedData] of kept) {
      expect(cachedData.length).toBeGreaterThan(0);
      const script = new Script(fresh(name).text, { filename: `/${name}.js`, cachedData });
      expect(script.cachedDataRejected).toBe(false);
    }
  });
});

function damage(file: string): void {
  const bytes = readFileSync(file);
  for (let at = 100; at < bytes.length; at += 97) bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  writeFileSync(file, bytes);
}
