/** Shapes of what goes in and out, as clients see them. */
import * as z from 'zod';

export const paths = z.array(z.string()).optional().describe('Files, folders or globs; everything when absent');
export const workflow = z
  .string()
  .optional()
  .describe(
    'standard, comprehensive, format-only, cleanup-only, verify-only, or one of the config; standard when absent',
  );
export const only = z
  .array(z.string())
  .optional()
  .describe('Just these commands instead of a workflow: verify, format, cleanup, dedupe, analyze');
export const since = z
  .string()
  .optional()
  .describe('Only files that changed since the merge base with this git revision');
export const run = z.string().optional().describe('Id of a run, or its beginning; the newest that fits when absent');

export const finding = z.object({
  severity: z.enum(['error', 'warning', 'info']),
  rule: z.string().describe('tool/rule'),
  message: z.string(),
  path: z.string().nullable().describe('null: of the project as a whole'),
  places: z.array(z.object({ line: z.number(), column: z.number() })),
  fix: z.string().nullable().describe('The command that mends it; null: by hand'),
});

export const failure = z.object({
  kind: z.string(),
  message: z.string(),
  path: z.string().optional(),
  next: z.string(),
});
export const change = z.object({
  path: z.string(),
  how: z.enum(['created', 'changed', 'deleted']),
  tools: z.array(z.string()),
});
export const next = z.object({ tool: z.string(), arguments: z.record(z.string(), z.unknown()), why: z.string() });
