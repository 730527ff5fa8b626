import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { changesOf as recordsOf, findRun, patchOfRun } from '../../history.js';
import type { Failure } from '../../model/failure.js';
import { answer, refusal } from '../answers.js';
import { changesOf } from '../changes.js';
import type { Session } from '../session.js';
import { change, run } from '../shapes.js';
import { targetOf } from '../target-of.js';

/** More is no help to a model. */
const MOST_CHARACTERS = 60_000;

const output = z.object({
  run: z.string(),
  files: z.array(change),
  patch: z.string().describe('Unified diff, which `git apply` takes when it is whole'),
  cutOff: z.boolean().describe('There is more of it: ask for one path'),
});

export function registerDiff(server: McpServer, session: Session): void {
  server.registerTool(
    'diff',
    {
      title: 'Diff',
      description: 'What a run changed, or what a check or dry run would have changed, as a unified diff.',
      inputSchema: z.object({ run, path: z.string().optional().describe('Only this file') }),
      outputSchema: output,
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    async ({ run: id, path }) => {
      const target = await targetOf(session);
      if (!target.ok) return refusal([target.failure]);
      const past = await findRun(target.value.root, id, (one) => recordsOf(one).length > 0);
      if (!past.ok) return refusal([past.failure]);
      const changes = recordsOf(past.value).filter((one) => path === undefined || one.path === path);
      if (path !== undefined && changes.length === 0) return refusal([notChanged(path, past.value.id)]);
      const whole = await patchOfRun(past.value, changes);
      const patch = whole.slice(0, MOST_CHARACTERS);
      const cutOff = patch.length < whole.length;
      const text = cutOff ? `${patch}\n… cut off: ask for one file with "path"` : patch;
      return answer(text, { run: past.value.id, files: changesOf({ changes }), patch, cutOff });
    },
  );
}

function notChanged(path: string, id: string): Failure {
  const next = `Call diff with run "${id}" and no path: "files" names what was changed.`;
  return { kind: 'usage', message: `Run ${id} changed no file ${path}`, next };
}
