/** A run of earlier, finished or cut off, as reports are made from it. */
import { evidenceOf } from './evidence.js';
import type { PastRun } from './history.js';
import { exists, readTextIfThere } from './host/disk.js';
import { join } from './host/paths.js';
import type { Plan } from './model/plan.js';
import { reportOf } from './model/report.js';
import { openTarget } from './open.js';
import type { Place, RunRecord } from './reporters/format.js';
import { readEvents } from './runs/event-log.js';
import type { Target } from './target.js';

export async function recordOf(target: Target, { folder, state }: PastRun): Promise<RunRecord> {
  const { root } = target;
  const report = reportOf(state);
  const evidence = evidenceOf({ root, folder, report, historyFile: () => historyFileOf(target) });
  const [events, plan, place] = await Promise.all([readEvents(folder), planIn(folder), placeOf(target)]);
  return { state, report, events, plan, place, folder, evidence };
}

/** As the config has it now; one that cannot be read is somebody else's affair. */
async function historyFileOf(target: Target): Promise<string | undefined> {
  const opened = await openTarget({ cwd: target.root }, target);
  return opened.ok ? opened.value.config.historyFile : undefined;
}

/** A crash may have left none, or half of one. */
async function planIn(folder: string): Promise<Plan | null> {
  const text = await readTextIfThere(join(folder, 'plan.json'));
  try {
    return text === null ? null : (JSON.parse(text) as Plan);
  } catch {
    return null;
  }
}

const ANCHORS = ['.quality-config.json', 'package.json', 'README.md'];

async function placeOf({ root, repository }: Target): Promise<Place> {
  const there = await Promise.all(ANCHORS.map((name) => exists(join(root, name))));
  return {
    top: repository?.workTree ?? root,
    prefix: repository === null || repository.prefix === '' ? '' : `${repository.prefix}/`,
    anchor: ANCHORS.find((_, index) => there[index]) ?? '.quality-config.json',
  };
}
