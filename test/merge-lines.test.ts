/** Bringing two changes of a text together, and what must always hold of it. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeLines } from '../src/hook/merge-lines.js';
import { temporaryFolder } from './rig.js';

const line = fc.constantFrom('a\n', 'b\n', 'c\n', 'd\n', '\n', '  x\n');
const text = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('', 'end'))
  .map(([lines, end]) => lines.join('') + end);
/** Lines that occur once: there is only one way to see what was changed. */
const BASE = Array.from({ length: 12 }, (_, index) => `line ${String(index)}\n`);
const edits = fc.uniqueArray(fc.tuple(fc.nat(11), fc.constantFrom('drop', 'change', 'add')), {
  maxLength: 4,
  selector: ([at]) => at,
});

function edited(changes: readonly (readonly [number, string])[], by: string): string {
  const lines = [...BASE];
  for (const [at, how] of changes) {
    const old = lines[at] ?? '';
    lines[at] = how === 'drop' ? '' : how === 'add' ? `${old}${by} new ${String(at)}\n` : `${by} ${String(at)}\n`;
  }
  return lines.join('');
}

describe('mergeLines', () => {
  it('takes a change that only one side has made, or both alike', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (base, other) => {
        expect(await mergeLines(base, base, other)).toBe(other);
        expect(await mergeLines(base, other, base)).toBe(other);
        expect(await mergeLines(base, other, other)).toBe(other);
      }),
    );
  });

  it('says the same whichever side is whose', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, text, async (base, ours, theirs) => {
        expect(await mergeLines(base, ours, theirs)).toBe(await mergeLines(base, theirs, ours));
      }),
    );
  });

  it('says what git says', async () => {
    const folder = temporaryFolder();
    await fc.assert(
      fc.asyncProperty(edits, edits, async (mine, others) => {
        const [ours, theirs] = [edited(mine, 'ours'), edited(others, 'theirs')];
        for (const [name, content] of Object.entries({ base: BASE.join(''), ours, theirs }))
          writeFileSync(join(folder, name), content);
        const git = spawnSync('git', ['merge-file', '-p', 'ours', 'base', 'theirs'], { cwd: folder, encoding: 'utf8' });
        expect(await mergeLines(BASE.join(''), ours, theirs)).toBe(git.status === 0 ? git.stdout : null);
      }),
      { numRuns: 150 },
    );
  });
});
