/** What was changed and what was not kept, with diffs as far as there is room for them. */
import type { EditRecord } from '../../model/edit.js';
import type { EventOf } from '../../model/event.js';
import { readable } from '../characters.js';
import type { Evidence, RunRecord } from '../format.js';
import { ruleIdOf } from '../problems.js';
import { showPlace } from '../text.js';
import type { ChangeRow, Payload, RefusedRow } from './payload.js';

const MOST_CHARACTERS = 4_000_000;
const MOST_OF_ONE = 60_000;

type Patch = (edit: EditRecord) => Promise<string | null>;

export async function editRows({ report, events, evidence }: RunRecord): Promise<Pick<Payload, 'changes' | 'refused'>> {
  const patch = boundedPatches(evidence);
  const takenBack = new Map(
    events
      .filter((event): event is EventOf<'edits-taken-back'> => event.type === 'edits-taken-back')
      .flatMap(({ step, edits }) => edits.map((edit) => [`${step}\0${edit.path}`, edit] as const)),
  );
  // What was not kept is the rarer and the more telling: it comes first as long as there is room.
  const refused: RefusedRow[] = [];
  for (const { step, path, reason, findings } of report.refused) {
    const edit = takenBack.get(`${step}\0${path}`);
    refused.push({
      path,
      step,
      reason: readable(reason),
      findings: findings.map((one) => `${showPlace(one)} ${ruleIdOf(one)}: ${readable(one.message)}`),
      patch: edit === undefined ? null : await patch(edit),
    });
  }
  const changes: ChangeRow[] = [];
  for (const edit of report.changes)
    changes.push({ path: edit.path, how: howOf(edit), tools: edit.tools, patch: await patch(edit) });
  return { changes, refused };
}

function howOf({ before, after }: EditRecord): ChangeRow['how'] {
  if (before === null) return 'created';
  return after === null ? 'deleted' : 'changed';
}

function boundedPatches(evidence: Evidence): Patch {
  const room = { left: MOST_CHARACTERS };
  return async (edit) => {
    if (room.left <= 0) return null;
    const text = await evidence.patchOf(edit);
    if (text === '' || text.length > MOST_OF_ONE) return null;
    room.left -= text.length;
    return text;
  };
}
