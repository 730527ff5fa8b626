import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hashBytes } from '../src/host/hash.js';
import { ownIdentity } from '../src/host/identity.js';
import { closeJournal, openJournal } from '../src/safety/journal.js';
import { findUnfinished, recoverRun } from '../src/safety/recover.js';
import { markRun, settleRun, unmarkRun } from '../src/safety/run-mark.js';
import { applyEdits } from '../src/safety/transaction.js';
import { bundleSafety, ended, saidBy, startHelper } from './helpers/safety-bundle.js';
import { treeOf } from './helpers/trees.js';
import { temporaryFolder } from './rig.js';

const bundle = { path: '' };
beforeAll(async () => {
  bundle.path = await bundleSafety();
});

const RUN = '20261121-000000-test';
const hash = (text: string): string => hashBytes(Buffer.from(text));

interface JsonEdit {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** A tree with many files, and edits that change, delete, make and swap them. */
function world(files: number): { root: string; runDir: string; edits: JsonEdit[] } {
  const root = temporaryFolder();
  const runDir = join(root, '.quality', 'runs', RUN);
  mkdirSync(runDir, { recursive: true });
  const edits: JsonEdit[] = [];
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  for (let number = 0; number < files; number++) {
    const path = `d${String(number % 7)}/f${String(number)}.ts`;
    mkdirSync(join(root, path, '..'), { recursive: true });
    const text = `old ${String(number)}\n`.repeat(number % 50);
    writeFileSync(join(root, path), text, { mode: number % 3 === 0 ? 0o755 : 0o644 });
    const after = number % 10 === 0 ? null : base64(`new ${text}`);
    edits.push({ path, before: hash(text), after });
    if (number % 5 === 0) edits.push({ path: `made/m${String(number)}/x.ts`, before: null, after: base64('made') });
  }
  mkdirSync(join(root, 'swap'));
  writeFileSync(join(root, 'swap', 'a'), 'a');
  edits.push({ path: 'swap/a', before: hash('a'), after: null }, { path: 'swap', before: null, after: base64('file') });
  return { root, runDir, edits };
}

/** Starts to apply the edits in another process and kills it after so many milliseconds. */
async function applyAndKill(
  where: ReturnType<typeof world>,
  kill: { readonly afterMs: number | 'applied' | 'first'; readonly mark?: boolean },
): Promise<void> {
  const file = join(temporaryFolder(), 'edits.json');
  writeFileSync(file, JSON.stringify(where.edits));
  const mark = kill.mark === true ? 'mark' : '';
  const child = startHelper('apply-many', [bundle.path, where.root, where.runDir, file, mark]);
  await saidBy(child, kill.afterMs === 'applied' ? 'applied' : 'begin');
  // `f0.ts` is the first that is deleted.
  while (kill.afterMs === 'first' && existsSync(join(where.root, 'd0/f0.ts'))) await new Promise(setImmediate);
  const { afterMs } = kill;
  if (typeof afterMs === 'number') await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill('SIGKILL');
  await ended(child);
}

async function recoverAll(root: string): Promise<void> {
  for (const run of await findUnfinished(root)) expect((await recoverRun(root, run)).failures).toEqual([]);
}

describe('killed while it writes', () => {
  test.for([0, 10, 30, 60, 90, 120, 150, 200, 260])(
    'after %i ms: the tree is as before or wholly written, and nothing of ours lies about',
    async (afterMs) => {
      const where = world(400);
      const before = treeOf(where.root);
      await applyAndKill(where, { afterMs });
      const unfinished = await findUnfinished(where.root);
      const killed = treeOf(where.root);
      await recoverAll(where.root);
      const after = treeOf(where.root);
      const closed = existsSync(join(where.runDir, 'journal')) && unfinished.length === 0;
      expect(after).toEqual(closed ? killed : before);
      expect(Object.keys(after).filter((path) => path.includes('.quality-'))).toEqual([]);
      expect(await findUnfinished(where.root)).toEqual([]);
    },
  );

  test('in the very moment when the first files are in place', async () => {
    const where = world(400);
    const before = treeOf(where.root);
    await applyAndKill(where, { afterMs: 'first' });
    const killed = treeOf(where.root);
    expect(killed).not.toEqual(before);
    expect(await findUnfinished(where.root)).toMatchObject([{ run: RUN }]);
    await recoverAll(where.root);
    expect(treeOf(where.root)).toEqual(before);
  });

  test('recovery can be killed as well, and begun again', async () => {
    const where = world(400);
    const before = treeOf(where.root);
    await applyAndKill(where, { afterMs: 'applied', mark: true });
    expect(treeOf(where.root)).not.toEqual(before);
    for (const afterMs of [5, 40, 80]) {
      const child = startHelper('recover', [bundle.path, where.root]);
      await saidBy(child, 'begin');
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      child.kill('SIGKILL');
      await ended(child);
    }
    await recoverAll(where.root);
    expect(treeOf(where.root)).toEqual(before);
    expect(await findUnfinished(where.root)).toEqual([]);
  });

  test('recovery that was killed while it took away a new file in a new folder leaves neither', async () => {
    const where = world(20);
    const before = treeOf(where.root);
    await applyAndKill(where, { afterMs: 'applied', mark: true });
    const folder = join(where.runDir, 'journal');
    const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
    const entry = lines.flatMap((line) =>
      line.includes('"made/m10/x.ts"') ? [JSON.parse(line) as { temp: string }] : [],
    )[0];
    renameSync(join(where.root, 'made/m10/x.ts'), join(where.root, 'made/m10', `${basename(entry!.temp)}.back~`));
    await recoverAll(where.root);
    expect(treeOf(where.root)).toEqual(before);
  });

  test('what the user changed since is left alone and listed', async () => {
    const where = world(20);
    await applyAndKill(where, { afterMs: 'applied', mark: true });
    writeFileSync(join(where.root, 'd1/f1.ts'), 'the user');
    writeFileSync(join(where.root, 'made/m5/mine.ts'), 'the user');
    const [run] = await findUnfinished(where.root);
    const result = await recoverRun(where.root, run!);
    expect(result.leftAlone.map((one) => one.path)).toEqual(['d1/f1.ts']);
    expect(readFileSync(join(where.root, 'd1/f1.ts'), 'utf8')).toBe('the user');
    expect(readFileSync(join(where.root, 'made/m5/mine.ts'), 'utf8')).toBe('the user');
    expect(readFileSync(join(where.root, 'd2/f2.ts'), 'utf8')).toBe('old 2\n'.repeat(2));
    expect(readdirSync(join(where.root, 'made'))).toEqual(['m5']);
  });
});

describe('what counts as unfinished', () => {
  test('a finished run does not, nor one that is under way', async () => {
    const where = world(5);
    const edits = where.edits.map((edit) => ({
      ...edit,
      after: edit.after === null ? null : Buffer.from(edit.after, 'base64'),
    }));
    await markRun(where.runDir);
    await applyEdits({ ...where, name: 'step' }, edits);
    expect(await findUnfinished(where.root)).toEqual([]);
    const after = treeOf(where.root);
    await unmarkRun(where.runDir);
    expect(await findUnfinished(where.root)).toEqual([]);
    expect(treeOf(where.root)).toEqual(after);
  });

  test('of a marked run only what nobody has proven is taken back', async () => {
    const where = world(0);
    writeFileSync(join(where.root, 'a'), '1');
    const edit = (before: string, after: string): { path: string; before: string; after: Buffer } => ({
      path: 'a',
      before: hash(before),
      after: Buffer.from(after),
    });
    await markRun(where.runDir);
    await applyEdits({ ...where, name: 'one' }, [edit('1', '2')]);
    await settleRun(where.runDir);
    await applyEdits({ ...where, name: 'two' }, [edit('2', '3')]);
    const mark = join(where.runDir, 'unproven.json');
    writeFileSync(mark, readFileSync(mark, 'utf8').replace(/"started":"\d+"/, '"started":"1"'));
    const [run] = await findUnfinished(where.root);
    expect(run?.paths).toEqual(['a']);
    await recoverRun(where.root, run!);
    expect(readFileSync(join(where.root, 'a'), 'utf8')).toBe('2');
    expect(await findUnfinished(where.root)).toEqual([]);
  });

  test('a journal that a power cut left incomplete says that nothing was written', async () => {
    const where = world(3);
    const before = treeOf(where.root);
    mkdirSync(join(where.runDir, 'journal'));
    writeFileSync(join(where.runDir, 'journal', '0001-abcd.open.jsonl'), '{"version":1,"na');
    expect(await findUnfinished(where.root)).toMatchObject([{ run: RUN, paths: [] }]);
    await recoverAll(where.root);
    expect(treeOf(where.root)).toEqual(before);
    expect(await findUnfinished(where.root)).toEqual([]);
  });

  test('journals of one run are numbered in order, whoever owns them', async () => {
    const where = world(0);
    for (const name of ['one', 'two']) await closeJournal(await openJournal(where.runDir, name, []), []);
    expect(readdirSync(join(where.runDir, 'journal')).map((name) => name.slice(0, 4))).toEqual(['0001', '0002']);
    expect((await ownIdentity()).pid).toBe(process.pid);
  });
});
