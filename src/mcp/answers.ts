/** What a tool answers: text for a model, the same as data, and failures as values with what to do next. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { type Failure, nextStepOf } from '../model/failure.js';
import { showFailures } from '../reporters/failures.js';

export function answer(text: string, structured: object): CallToolResult {
  return { content: [{ type: 'text', text }], structuredContent: structured };
}

export function refusal(failures: readonly Failure[]): CallToolResult {
  const told = failures.map((failure) => ({
    kind: failure.kind,
    message: failure.message,
    ...(failure.path === undefined ? {} : { path: failure.path }),
    next: nextStepOf(failure),
  }));
  return {
    isError: true,
    content: [{ type: 'text', text: showFailures(failures, false) }],
    structuredContent: { failures: told },
  };
}

export const NOT_ALLOWED: Failure = {
  kind: 'usage',
  message: 'This server may not write',
  next: 'Ask the user to start it as `quality mcp --allow-write`; or use mode "check" or "dry-run", which write nothing.',
};
