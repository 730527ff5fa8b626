import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { findRun } from '../../history.js';
import { compareText } from '../../model/diagnostic.js';
import { showSighting, sightingsOf } from '../../reporters/agent/sightings.js';
import { answer, refusal } from '../answers.js';
import { foundOf } from '../findings-of.js';
import { targetOf } from '../target-of.js';
import type { Session } from '../session.js';
import { finding, run } from '../shapes.js';

const input = z.object({
  run,
  path: z.string().optional().describe('Only in this file, or below this folder; as findings name it'),
  rule: z.string().optional().describe('Only of this rule (tool/rule), or of this tool'),
  severity: z.enum(['error', 'warning', 'info']).optional(),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(500).default(50),
});

const output = z.object({
  run: z.string(),
  total: z.number().describe('That fit'),
  findings: z.array(finding),
  nextOffset: z.number().nullable(),
  byRule: z.record(z.string(), z.number()),
});

export function registerFindings(server: McpServer, session: Session): void {
  server.registerTool(
    'findings',
    {
      title: 'Findings',
      description: 'What a run has found, without running anything again: by file, rule or severity, a page at a time.',
      inputSchema: input,
      outputSchema: output,
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    async ({ run: id, offset, limit, ...filter }) => {
      const target = await targetOf(session);
      if (!target.ok) return refusal([target.failure]);
      const past = await findRun(target.value.root, id, ({ state }) => state.findings !== null);
      if (!past.ok) return refusal([past.failure]);
      const all = sightingsOf(past.value.state).filter((one) => fits(one, filter));
      const page = all.slice(offset, offset + limit);
      const end = offset + page.length;
      const nextOffset = end < all.length ? end : null;
      const rest = nextOffset === null ? [] : [`… ${String(all.length - end)} more from offset ${String(end)}`];
      const lines = [`${String(all.length)} of run ${past.value.id}`, ...page.map(showSighting), ...rest];
      const byRule = countBy(all.map((one) => one.rule));
      return answer(lines.join('\n'), {
        run: past.value.id,
        total: all.length,
        findings: page.map(foundOf),
        nextOffset,
        byRule,
      });
    },
  );
}

type Filter = Pick<z.infer<typeof input>, 'path' | 'rule' | 'severity'>;
type Sighting = ReturnType<typeof sightingsOf>[number];

function fits(one: Sighting, { path, rule, severity }: Filter): boolean {
  if (severity !== undefined && one.severity !== severity) return false;
  if (rule !== undefined && one.rule !== rule && !one.rule.startsWith(`${rule}/`)) return false;
  if (path === undefined) return true;
  const wanted = path.replace(/\/+$/, '');
  return one.path === wanted || one.path?.startsWith(`${wanted}/`) === true;
}

function countBy(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1] || compareText(a[0], b[0])));
}
