/** Rows that are kept between runs: what is read is what was written, or nothing. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compactBlockFile, measureBlockFile, openBlockFile } from '../src/runs/block-file.js';
import { temporaryFolder } from './rig.js';

const OPTIONS = { format: 'rows-1', smallestCap: 2000 };

const key = fc.constantFrom('a', 'b', 'ключ', '@rows-1', '7');
const value = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' ')),
  fc.constantFrom('', '@rows-1 0123456789abcdef 4 5', 'é'.repeat(200)),
);
const saves = fc.array(fc.array(fc.tuple(key, value), { maxLength: 4 }), { maxLength: 8 });

/** All that was ever added for each key, newest last. */
async function write(file: string, all: readonly (readonly [string, string][])[]): Promise<Map<string, string[]>> {
  const history = new Map<string, string[]>();
  for (const rows of all) {
    const opened = await openBlockFile(file, OPTIONS);
    for (const [name, text] of rows) {
      opened.add(name, text);
      history.set(name, [...(history.get(name) ?? []), text]);
    }
    await opened.save();
    for (const [name] of rows) expect(opened.get(name)).toBe(history.get(name)?.at(-1));
  }
  return history;
}

it('gives back what was added last, before and after it is written anew', async () => {
  const folder = temporaryFolder();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(saves, async (all) => {
      const file = join(folder, String(runs++));
      const history = await write(file, all);
      if (history.size === 0) return;
      // What is more than the file may hold is forgotten, never changed.
      const read = async (): Promise<[string, string | undefined][]> => {
        const opened = await openBlockFile(file, OPTIONS);
        return [...history.keys()].map((name) => [name, opened.get(name)]);
      };
      const before = await read();
      for (const [name, text] of before) if (text !== undefined) expect(text).toBe(history.get(name)?.at(-1));
      const bytes = readFileSync(file).byteLength;
      if (bytes < OPTIONS.smallestCap / 2) expect(before.every(([, text]) => text !== undefined)).toBe(true);
      expect(await measureBlockFile(file, OPTIONS.format)).toMatchObject({ bytes, damaged: 0 });
      await compactBlockFile(file, OPTIONS.format);
      expect(await read()).toEqual(before);
      expect(readFileSync(file).byteLength).toBeLessThanOrEqual(bytes);
    }),
    { numRuns: 60 },
  );
});

it('never gives what was not added, however the file is damaged', async () => {
  const file = join(temporaryFolder(), 'rows');
  const damage = fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.constantFrom('flip', 'cut', 'insert'));
  await fc.assert(
    fc.asyncProperty(saves, damage, async (all, [position, byte, how]) => {
      writeFileSync(file, '');
      const history = await write(file, all);
      const bytes = readFileSync(file);
      const at = bytes.byteLength === 0 ? 0 : position % bytes.byteLength;
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(how === 'flip' ? at + 1 : at)];
      writeFileSync(file, Buffer.concat(how === 'cut' ? [before] : [before, Buffer.from([byte]), after]));
      const opened = await openBlockFile(file, OPTIONS);
      for (const name of ['a', 'b', 'ключ', '@rows-1', '7', '8'])
        expect([undefined, ...(history.get(name) ?? [])]).toContain(opened.get(name));
    }),
    { numRuns: 150 },
  );
});

it('believes what was written behind a torn block', async () => {
  const file = join(temporaryFolder(), 'rows');
  const add = async (name: string): Promise<void> => {
    const rows = await openBlockFile(file, OPTIONS);
    rows.add(name, name.repeat(10));
    await rows.save();
  };
  await add('a');
  await add('b');
  for (let cut = 1; cut < 40; cut++) {
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, -cut));
    await add('8');
    const rows = await openBlockFile(file, OPTIONS);
    expect([rows.get('a'), rows.get('b'), rows.get('8')]).toEqual(['a'.repeat(10), undefined, '8'.repeat(10)]);
    writeFileSync(file, whole);
  }
});

it('checks no more of a large file than what is asked for', async () => {
  const file = join(temporaryFolder(), 'rows');
  const large = { ...OPTIONS, smallestCap: 1e9 };
  const rows = await openBlockFile(file, large);
  for (let number = 0; number < 3000; number++) rows.add(`key-${String(number)}`, 'x'.repeat(200));
  await rows.save();
  const text = readFileSync(file, 'latin1');
  // A byte of the last value: the others are believed as before.
  writeFileSync(file, `${text.slice(0, -1)}y`, 'latin1');
  const opened = await openBlockFile(file, large);
  expect(opened.get('key-2999')).toBeUndefined();
  expect(opened.get('key-0')).toBe('x'.repeat(200));
  const measured = await measureBlockFile(file, OPTIONS.format);
  expect(measured?.damaged).toBeGreaterThan(0);
  expect(measured?.damaged).toBeLessThan(100_000);
  expect(measured?.rows).toBeGreaterThan(2500);
});
