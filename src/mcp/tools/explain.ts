import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { explain } from '../../explain/explain.js';
import { showExplanation } from '../../explain/text.js';
import { answer, refusal } from '../answers.js';
import type { Session } from '../session.js';

export function registerExplain(server: McpServer, { cwd }: Session): void {
  server.registerTool(
    'explain',
    {
      title: 'Explain',
      description:
        'A rule ("eslint/no-undef", "TS2322"): what it wants, what fixes it, how to silence it. A file or line ("src/a.ts:12"): findings, which tools look at it, which configuration decides. A run, by its id: what it did, and why.',
      inputSchema: z.object({ what: z.string().optional().describe('The newest run when absent') }),
      outputSchema: z.looseObject({ kind: z.enum(['rule', 'file', 'run']) }),
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    async ({ what }) => {
      const explained = await explain({ cwd }, what);
      if (!explained.ok) return refusal(explained.failure);
      return answer(showExplanation(explained.value, false), explained.value);
    },
  );
}
