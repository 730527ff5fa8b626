/** `pre-commit`: what is staged is looked at, unless the very same has passed before. */
import { failed, success } from '../model/result.js';
import { type Passed, hasPassed } from '../passed.js';
import { type Answer, type Answered, type Asked, files } from './asked.js';
import type { Turn } from './look-at-staged.js';
import { type Staged, type StagedContents, readStagedContents, readStagedFiles } from './staged-files.js';
import { stagedRequest } from './wishes.js';

/** Someone else stages or writes while we look: then once more, so often. */
const MOST_TURNS = 4;

export async function runStaged(asked: Asked): Promise<Answered> {
  const { root, repository } = asked.target;
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const staged = await readStagedFiles(root, repository);
    if (!staged.ok) return failed([staged.failure]);
    if (staged.value === null || staged.value.files.size === 0) return success(nothingStaged(staged.value));
    if (await hasPassed(asked, contentsOf(staged.value))) return success(passedBefore(staged.value));
    const contents = readStagedContents(staged.value);
    // Told to who asks for them.
    contents.catch(() => undefined);
    const answer = await lookAt(asked, staged.value, contents);
    if (!answer.ok) return answer;
    if (answer.value !== null) return success(answer.value);
  }
  const message = 'What is staged was changed by someone else each time it was looked at';
  return failed([{ kind: 'file-changed', message }]);
}

/** The contents are read while what looks at them is loaded. */
async function lookAt(asked: Asked, staged: Staged, contents: StagedContents): Promise<Turn> {
  const { startWorkersEarly } = await import('../early.js');
  const early = await startWorkersEarly(asked.target, stagedRequest(asked), oidsOf(staged));
  try {
    const { lookAtStaged } = await import('./look-at-staged.js');
    return await lookAtStaged({ ...asked, early }, staged, contents);
  } finally {
    await early.close();
  }
}

function nothingStaged(staged: Staged | null): Answer {
  const leftAlone = staged?.leftAlone ?? [];
  const what = (staged?.all.length ?? 0) === 0 ? 'nothing is staged' : 'no staged file to look at';
  return { kind: 'nothing', exitCode: 0, what, fixed: [], leftAlone, reports: [], fixes: [] };
}

function contentsOf(staged: Staged): readonly Passed[] {
  return [...oidsOf(staged)].map(([path, oid]) => ({ path, oid }));
}

function oidsOf({ files: staged }: Staged): ReadonlyMap<string, string> {
  return new Map([...staged].map(([path, { index }]) => [path, index.oid]));
}

function passedBefore(staged: Staged): Answer {
  const what = `${files(staged.files.size, 'staged')}, clean as before`;
  const { leftAlone } = staged;
  return { kind: 'passed', exitCode: 0, what, fixed: [], leftAlone, reports: [], fixes: [] };
}
