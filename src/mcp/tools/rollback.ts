import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { rollback } from '../../rollback.js';
import { count } from '../../reporters/text.js';
import { NOT_ALLOWED, answer, refusal } from '../answers.js';
import type { Session } from '../session.js';
import { targetOf } from '../target-of.js';

export function registerRollback(server: McpServer, session: Session): void {
  server.registerTool(
    'rollback',
    {
      title: 'Roll back',
      description: 'Brings the files back to what they were before a run, wherever nobody has changed them since.',
      // No "newest": it may be somebody else's.
      inputSchema: z.object({ run: z.string().describe('Its id, as the tool run has given it') }),
      outputSchema: z.object({ run: z.string(), restored: z.array(z.string()), leftAlone: z.array(z.string()) }),
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    },
    ({ run }) => (session.allowWrite ? session.inTurn(() => rollBack(run, session)) : refusal([NOT_ALLOWED])),
  );
}

async function rollBack(run: string, session: Session): Promise<ReturnType<typeof answer>> {
  const target = await targetOf(session);
  if (!target.ok) return refusal([target.failure]);
  const done = await rollback(target.value, { run });
  if (!done.ok) return refusal(done.failure);
  const { restored, leftAlone, failures } = done.value;
  if (failures.length > 0) return refusal(failures);
  const left = leftAlone.map((path) => `\nleft alone, changed since by someone else: ${path}`).join('');
  const text = `${count(restored.length, 'file')} brought back to what stood before run ${done.value.run}${left}`;
  return answer(text, { run: done.value.run, restored: [...restored], leftAlone: [...leftAlone] });
}
