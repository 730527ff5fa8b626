import type { CallToolResult, McpServer, ServerContext } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { changesOf } from '../changes.js';
import type { Failure } from '../../model/failure.js';
import type { Report } from '../../model/report.js';
import { EMPTY_RUN, type RunState, foldEvent } from '../../model/run-state.js';
import type { ToolSkip } from '../../model/tool-use.js';
import type { Request } from '../../open.js';
import { notDone, showForAgents } from '../../reporters/agent.js';
import { run } from '../../run.js';
import { NOT_ALLOWED, answer, refusal } from '../answers.js';
import { foundBy } from '../findings-of.js';
import { type Next, nextAfter } from '../next.js';
import { progressFor } from '../progress.js';
import type { Session } from '../session.js';
import { change, failure, finding, next, only, paths, since, workflow } from '../shapes.js';
import { wishesOf } from '../wishes.js';

const input = z.object({
  paths,
  workflow,
  only,
  since,
  mode: z
    .enum(['check', 'dry-run', 'write'])
    .default('check')
    .describe('check and dry-run write nothing; write changes files, and takes back what would make things worse'),
});

const output = z.object({
  run: z.string(),
  status: z.string(),
  exitCode: z.number().nullable(),
  files: z.number(),
  findings: z.array(finding),
  moreFindings: z.number().describe('Left out here; the tool findings has them'),
  changes: z.array(change).describe('Made, or in check and dry-run: to make'),
  refused: z.array(z.object({ path: z.string(), reason: z.string() })),
  failures: z.array(failure),
  notDone: z.array(z.string()).describe('Steps that were skipped and tools that are missing, with the reason'),
  next: z.array(next),
});

export function registerRun(server: McpServer, session: Session): void {
  server.registerTool(
    'run',
    {
      title: 'Run',
      description:
        'Verifies, formats and cleans up the project, or some of its files: what remains to be mended, what changes, what was not kept. Looks only, unless mode is "write".',
      inputSchema: input,
      outputSchema: output,
      annotations: { readOnlyHint: !session.allowWrite, destructiveHint: false, openWorldHint: false },
    },
    async (wishes, context) => {
      if (wishes.mode === 'write' && !session.allowWrite) return refusal([NOT_ALLOWED]);
      return session.inTurn(() => runFor(wishes, context, session));
    },
  );
}

/** Another server, or a person, may hold the lock for as long as a run takes. */
const LOCK_TIMEOUT_MS = 600_000;

async function runFor(
  wishes: z.infer<typeof input>,
  context: ServerContext,
  session: Session,
): Promise<CallToolResult> {
  const { signal } = context.mcpReq;
  const stop = AbortSignal.any([signal, session.stop]);
  if (stop.aborted) return refusal([CANCELLED]);
  const request: Request = {
    cwd: session.cwd,
    ...wishesOf(wishes),
    mode: wishes.mode,
    lockTimeoutMs: LOCK_TIMEOUT_MS,
    commandLine: ['mcp'],
  };
  const progress = progressFor(context);
  const heard: Heard = { state: EMPTY_RUN, skips: [] };
  const ended = await run(request, {
    signal: stop,
    onPlan: ({ skips }) => void (heard.skips = skips),
    onEvent: (event) => {
      heard.state = foldEvent(heard.state, event);
      progress(event);
    },
  });
  if (!ended.ok) return refusal(ended.failure);
  const { report } = ended.value;
  const after = nextAfter(report, wishes, session);
  return answer(textOf(report, heard, after), dataOf(report, heard, after));
}

/** Of a run, as it goes on. */
interface Heard {
  state: RunState;
  skips: readonly ToolSkip[];
}

const CANCELLED: Failure = { kind: 'interrupted', message: 'Cancelled before it began' };

const MOST_FINDINGS = 50;
const MOST_CHANGES = 200;

function textOf(report: Report, heard: Heard, after: readonly Next[]): string {
  const next = after.map(({ tool, arguments: given, why }) => ({ command: `${tool} ${JSON.stringify(given)}`, why }));
  const rest = `the tool findings with run "${report.run}" has them`;
  return showForAgents({ report, ...heard, next, rest }, 'normal');
}

function dataOf(report: Report, { state, skips }: Heard, after: readonly Next[]): z.infer<typeof output> {
  const findings = foundBy(state);
  const { run: id, status, exitCode, files } = report;
  return {
    run: id,
    status,
    exitCode,
    files,
    findings: findings.slice(0, MOST_FINDINGS),
    moreFindings: Math.max(0, findings.length - MOST_FINDINGS),
    changes: changesOf(report).slice(0, MOST_CHANGES),
    refused: report.refused.map(({ path, reason }) => ({ path, reason })),
    failures: report.failures.map(({ kind, message, path, nextStep }) => ({
      kind,
      message,
      ...(path === undefined ? {} : { path }),
      next: nextStep,
    })),
    notDone: notDone(report, skips),
    next: [...after],
  };
}
