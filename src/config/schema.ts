/**
 * The one schema of the config: types, validation, defaults, the JSON schema for editors and the example file all come
 * from it. Descriptions are written for the person who edits the file.
 */
import { z } from 'zod';
import { LANGUAGES } from '../model/language.js';

const MEBIBYTE = 1024 * 1024;
const SECOND = 1000;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: 60 * SECOND, h: 3600 * SECOND };

const duration = z
  .union([
    z.string().regex(/^\d+(\.\d+)?(ms|s|m|h)$/, 'expected a duration such as "90s", "10m" or "1h"'),
    z.number().int().positive(),
  ])
  .describe('A duration: "500ms", "90s", "10m", "1h", or milliseconds as a number.');

/** Milliseconds of a duration that the schema has accepted. */
export function durationMs(value: string | number): number {
  if (typeof value === 'number') return value;
  const match = /^([\d.]+)(ms|s|m|h)$/.exec(value);
  return Math.round(Number(match?.[1]) * (UNITS[match?.[2] ?? 'ms'] ?? 1));
}

const sizeUnits: Readonly<Record<string, number>> = { '': 1, B: 1, KiB: 1024, MiB: MEBIBYTE, GiB: 1024 * MEBIBYTE };
const size = z
  .union([
    z.string().regex(/^\d+(\.\d+)?\s?(B|KiB|MiB|GiB)?$/, 'expected a size such as "10MiB"'),
    z.number().int().positive(),
  ])
  .describe('A size: "512KiB", "10MiB", or bytes as a number.');

/** Bytes of a size that the schema has accepted. */
export function sizeBytes(value: string | number): number {
  if (typeof value === 'number') return value;
  const match = /^([\d.]+)\s?(\w*)$/.exec(value);
  return Math.round(Number(match?.[1]) * (sizeUnits[match?.[2] ?? ''] ?? 1));
}

const globs = z.array(z.string().min(1));
const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected a name of lower-case letters, digits and dashes');

export const CHECKS = ['format', 'lint', 'types', 'dead-code', 'duplication', 'syntax'] as const;
export type CheckName = (typeof CHECKS)[number];

export const OUTPUT_FORMATS = ['exit-code', 'sarif', 'eslint-json', 'checkstyle', 'gcc', 'unified-diff'] as const;

const stepSchema = z.strictObject({
  command: name.describe('The command to run: a built-in one or one of `commands`.'),
  after: z
    .array(name)
    .optional()
    .describe('Commands of this workflow that must be done before, in addition to their own `after`.'),
  timeout: duration.optional(),
  options: z
    .record(z.string(), z.json())
    .optional()
    .describe('Overrides for this step: the keys of `verify`, `cleanup` or `dedupe`.'),
});

const workflowSchema = z.strictObject({
  description: z.string().optional(),
  steps: z
    .array(z.union([name, stepSchema]))
    .min(1)
    .describe('What to run, in this order where nothing else asks for another.'),
});

const commandSchema = z.strictObject({
  run: z
    .array(z.string())
    .min(1)
    .describe('Program and arguments, as a list; never a shell line. "{files}" stands for the files.'),
  effect: z
    .enum(['reads', 'writes'])
    .default('reads')
    .describe('"writes": it runs in a scratch copy and its edits are read off.'),
  files: globs.default([]).describe('Files it concerns; empty means all.'),
  after: z.array(name).default([]).describe('Commands that come before it in every workflow.'),
  inputs: globs.default([]).describe('Other files its result depends on, such as its own script and config.'),
  output: z.enum(OUTPUT_FORMATS).default('exit-code').describe('How to read findings from its output.'),
  cwd: z.string().default('').describe('Folder to run in, relative to the workspace; empty is the workspace itself.'),
  timeout: duration.optional(),
});

type ChainLink = string | readonly string[];
const chain = z
  .array(z.union([z.string(), z.array(z.string()).min(1)]))
  .describe(
    'Formatters in order. A list within the list holds alternatives: the first one that the project uses runs.',
  );
export type FormatterChain = readonly ChainLink[];

export const configSchema = z.strictObject({
  $schema: z.string().optional().describe('Lets editors complete and check this file.'),
  defaultWorkflow: name.default('standard').describe('Workflow that `quality run` runs when none is named.'),
  workflows: z.record(name, workflowSchema).default({}).describe('Workflows of your own.'),
  commands: z.record(name, commandSchema).default({}).describe('Commands of your own.'),
  formatters: z
    .partialRecord(z.enum(LANGUAGES), chain)
    .default({})
    .describe('Formatter chain for each language; asking for one here switches it on.'),
  verify: z
    .strictObject({
      checks: z
        .array(z.enum(CHECKS))
        .default(['format', 'lint', 'types', 'dead-code'])
        .describe('What verify looks at; each only where the project uses a tool for it.'),
      tests: z
        .array(z.array(z.string()).min(1))
        .default([])
        .describe('The project’s own checks, each an argument list: [["npm", "test"]].'),
    })
    .prefault({}),
  cleanup: z
    .strictObject({
      level: z
        .enum(['safe', 'aggressive'])
        .default('safe')
        .describe(
          '"safe": unused imports, unused locals without effect, unreachable code, unused private members. "aggressive": also unused exports and files.',
        ),
      organizeImports: z.boolean().default(false).describe('Also sort and merge imports.'),
    })
    .prefault({}),
  dedupe: z
    .strictObject({
      minLines: z.number().int().min(2).default(6).describe('Shortest clone, in lines.'),
      minTokens: z.number().int().min(10).default(50).describe('Shortest clone, in tokens.'),
      threshold: z
        .number()
        .min(0)
        .max(100)
        .default(100)
        .describe('Share of duplicated lines, in percent, above which verify reports an error.'),
      apply: z
        .boolean()
        .default(false)
        .describe('Merge identical top-level declarations; otherwise clones are only reported.'),
    })
    .prefault({}),
  parallelExecution: z.boolean().default(true).describe('false runs one job at a time.'),
  maxParallel: z
    .number()
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe('Most jobs at once; chosen from the machine when absent.'),
  priority: z.enum(['speed', 'balanced', 'safety', 'thorough']).default('balanced').describe('What matters most.'),
  createSnapshots: z.boolean().default(true).describe('Keep a snapshot of tree and index before anything is written.'),
  autoCleanup: z.boolean().default(true).describe('Remove old runs and snapshots after a successful run.'),
  keepRuns: z.number().int().min(1).default(20).describe('Runs, with their snapshots, that are kept.'),
  maxFileSize: size.default('10MiB').describe('Larger files are left out.'),
  excludedPatterns: globs.default([]).describe('Files that nothing here reads or writes, as globs.'),
  timeouts: z
    .strictObject({
      job: duration.default('5m').describe('One tool on one batch of files.'),
      step: duration.default('30m').describe('One step of a plan.'),
    })
    .prefault({}),
  onFailure: z.enum(['ask', 'continue', 'rollback', 'stop']).default('continue').describe('When a step fails.'),
  onRegression: z
    .enum(['ask', 'bisect', 'rollback', 'keep'])
    .default('bisect')
    .describe('When an edit would cause a new finding.'),
});

/** The config with every default filled in. */
export type Config = z.output<typeof configSchema>;
/** The config as a person writes it. */
export type ConfigInput = z.input<typeof configSchema>;
export type CustomCommand = Config['commands'][string];
export type CustomWorkflow = Config['workflows'][string];

/** The config of a project that has none. */
export function defaultConfig(): Config {
  return configSchema.parse({});
}
