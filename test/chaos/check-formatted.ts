/** What the hook has made of the files, compared with what their formatter makes of them. */
import { execFileSync } from 'node:child_process';
import { type Seen, type Trouble, stagedBy } from './commit.js';
import { formatted } from './formatted.js';
import { differing, oidOf } from './index-state.js';
import type { Scenario } from './scenario.js';

/** Where it can be foretold: what was staged is committed in its formatted form, or as it was where it had that already. */
export async function checkFormatted(seen: Seen, scenario: Scenario): Promise<Trouble[]> {
  const paths = new Set(scenario.files.map(({ path }) => path));
  const isForetold =
    scenario.committing?.formatOnly === true && paths.has('.prettierrc') && !paths.has('.gitattributes');
  return isForetold ? [...(await checkFixes(seen)), ...(seen.hasCommitted ? await checkCommitted(seen) : [])] : [];
}

function contentOf({ attempt }: Seen, oid: string): Buffer {
  return execFileSync('git', ['cat-file', 'blob', oid], { cwd: attempt.world.top });
}

async function checkFixes(seen: Seen): Promise<Trouble[]> {
  const users = stagedBy(seen.attempt.adds);
  const fixes = seen.landed.flatMap(({ changes }) => changes).filter(({ path }) => !users.has(path));
  const troubles = fixes.map(async ({ path, before, after }): Promise<Trouble[]> => {
    if (before === null || after === null) return [];
    const expected = await formatted(path, contentOf(seen, before));
    if (expected?.equals(contentOf(seen, after)) === true) return [];
    return [['commit', `${JSON.stringify(path)}: ${after} is not the formatted form of ${before}`]];
  });
  return (await Promise.all(troubles)).flat();
}

async function checkCommitted(seen: Seen): Promise<Trouble[]> {
  const { before, after, adds } = seen.attempt;
  const users = stagedBy(adds);
  const fresh = differing(before.committed, after.committed).filter((path) => !users.has(path));
  const troubles = fresh.map(async (path): Promise<Trouble[]> => {
    const entry = after.committed.get(path);
    if (entry?.startsWith('100') !== true) return [];
    const bytes = contentOf(seen, oidOf(entry) ?? '');
    const neat = await formatted(path, bytes);
    if (neat === undefined || neat?.equals(bytes) === true) return [];
    return [['commit', `${JSON.stringify(path)} is committed, and not formatted`]];
  });
  return (await Promise.all(troubles)).flat();
}
