import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Plan, PlannedTask } from '../../model/plan.js';
import type { Request } from '../../open.js';
import { plan } from '../../quality.js';
import { showPlan } from '../../reporters/plan-text.js';
import { answer, refusal } from '../answers.js';
import { type Session } from '../session.js';
import { only, paths, since, workflow } from '../shapes.js';
import { wishesOf } from '../wishes.js';

const step = z.object({
  id: z.string(),
  command: z.string(),
  effect: z.enum(['reads', 'writes']),
  reason: z.string(),
  skipped: z.string().nullable(),
  tools: z.array(z.string()),
  files: z.number(),
});

const output = z.object({
  workflow: z.string(),
  files: z.number(),
  phases: z.array(z.object({ id: z.string(), reason: z.string(), steps: z.array(step) })),
  skips: z.array(z.object({ tool: z.string(), reason: z.string(), hint: z.string(), wanted: z.boolean() })),
});

export function registerPlan(server: McpServer, { cwd }: Session): void {
  server.registerTool(
    'plan',
    {
      title: 'Plan',
      description: 'What a run would do, in which order, with which tools and why; nothing is run. Cheap.',
      inputSchema: z.object({ paths, workflow, only, since }),
      outputSchema: output,
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    async (wishes) => {
      const request: Request = { cwd, ...wishesOf(wishes) };
      const prepared = await plan(request);
      if (!prepared.ok) return refusal(prepared.failure);
      return answer(showPlan(prepared.value.plan, false), summaryOf(prepared.value.plan));
    },
  );
}

function summaryOf({ workflow: name, files, phases, skips }: Plan): z.infer<typeof output> {
  return {
    workflow: name,
    files: files.selected,
    phases: phases.map(({ id, reason, steps }) => ({
      id,
      reason,
      steps: steps.map(({ id: stepId, command, effect, reason: why, skipped = null, tasks }) => ({
        id: stepId,
        command,
        effect,
        reason: why,
        skipped,
        tools: [...new Set(tasks.flatMap(toolsOf))],
        files: new Set(tasks.flatMap((task) => task.files)).size,
      })),
    })),
    skips: skips.map(({ tool, reason, hint, wanted }) => ({ tool, reason, hint, wanted })),
  };
}

function toolsOf({ links, trigger }: PlannedTask): string[] {
  return [...(trigger === undefined ? [] : [trigger]), ...links.flat()].map((use) => use.tool);
}
