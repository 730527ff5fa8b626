/**
 * The one schema of the config: types, validation, defaults, the JSON schema for editors and the example file all come
 * from it. Descriptions are written for the person who edits the file.
 */
import * as z from 'zod';
import { LANGUAGES } from '../model/language.js';
import { CHECKS, DURATION, INSIDE, NAME, OUTPUT_FORMATS, SIZE } from './units.js';

// A title says what is expected there, in the words of the messages about mistakes; examples fill the example file.
const duration = z.union([z.string().regex(DURATION), z.number().int().positive()]).meta({
  title: 'a duration such as "90s", "10m" or "1h", or milliseconds as a number',
  description: 'A duration: "500ms", "90s", "10m", "1h", or milliseconds as a number.',
  examples: ['10m'],
});

const size = z.union([z.string().regex(SIZE), z.number().int().positive()]).meta({
  title: 'a size such as "512KiB" or "10MiB", or bytes as a number',
  description: 'A size: "512KiB", "10MiB", or bytes as a number.',
  examples: ['10MiB'],
});

const globs = z.array(z.string().min(1));
const name = z.string().regex(NAME).meta({ title: 'a name of lower-case letters, digits and dashes' });
const commandLine = z.array(z.string()).min(1);

const stepSchema = z.strictObject({
  command: name.describe('The command to run: a built-in one or one of `commands`.'),
  after: z
    .array(name)
    .optional()
    .describe('Commands of this workflow that must be done before, in addition to their own `after`.')
    .meta({ examples: [['docs']] }),
  timeout: duration.optional().describe('Longest that this step may take; `timeouts.step` when absent.'),
  options: z
    .record(z.string(), z.json())
    .optional()
    .describe('Overrides for this step: the keys of `verify`, `cleanup` or `dedupe`.')
    .meta({ examples: [{ checks: ['lint', 'types'] }] }),
});

const workflowSchema = z.strictObject({
  description: z
    .string()
    .optional()
    .describe('What it is for, shown where workflows are listed.')
    .meta({ examples: ['Everything, once a night'] }),
  steps: z
    .array(z.union([name, stepSchema]).meta({ title: 'the name of a command or a step such as {"command": "verify"}' }))
    .min(1)
    .describe('What to run, in this order where nothing else asks for another: names, or objects to say more.'),
});

const commandSchema = z.strictObject({
  run: commandLine.describe(
    'Program and arguments, as a list; never a shell line. "{files}" stands for the files: those that were asked for, at a commit those that are staged.',
  ),
  effect: z
    .enum(['reads', 'writes'])
    .default('reads')
    .describe('A command that writes runs in a scratch copy, and its edits are read off.'),
  files: globs.default([]).describe('Files it concerns; empty means all.'),
  after: z.array(name).default([]).describe('Commands that come before it in every workflow.'),
  inputs: globs.default([]).describe('Other files its result depends on, such as its own script and config.'),
  output: z.enum(OUTPUT_FORMATS).default('exit-code').describe('How to read findings from its output.'),
  cwd: z.string().default('').describe('Folder to run in, relative to the workspace; empty is the workspace itself.'),
  timeout: duration.optional().describe('Longest that one run of it may take; `timeouts.job` when absent.'),
});

type ChainLink = string | readonly string[];
const chain = z
  .array(
    z
      .union([z.string(), z.array(z.string()).min(1)])
      .meta({ title: 'the name of a formatter or a list of alternatives' }),
  )
  .describe(
    'Formatters in order. A list within the list holds alternatives: the first one that the project uses runs.',
  );
export type FormatterChain = readonly ChainLink[];

const verifySchema = z.strictObject({
  checks: z
    .array(z.enum(CHECKS))
    .default(['format', 'lint', 'types', 'dead-code'])
    .describe(
      'What verify looks at; each only where the project uses a tool for it. There are also "duplication" and "syntax".',
    ),
  tests: z
    .array(commandLine)
    .default([])
    .describe('The project’s own checks, each an argument list, such as ["npm", "test"].'),
});

const cleanupSchema = z.strictObject({
  level: z
    .enum(['safe', 'aggressive'])
    .default('safe')
    .describe(
      'What "safe" removes: unused imports, unused locals without effect, unreachable code, unused private members. With "aggressive": unused exports and files too.',
    ),
  organizeImports: z.boolean().default(false).describe('Also sort and merge imports.'),
});

const dedupeSchema = z.strictObject({
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
});

const timeoutsSchema = z.strictObject({
  job: duration
    .optional()
    .describe(
      'One tool on one batch of files. When absent: 5 minutes, and as long as its step for a tool that looks at the whole project, such as tsc.',
    ),
  step: duration.default('30m').describe('One step of a plan.'),
});

export const configSchema = z.strictObject({
  $schema: z
    .string()
    .optional()
    .describe('Lets editors complete and check this file.')
    .meta({ examples: ['./node_modules/quality-orchestrator/quality-config.schema.json'] }),
  defaultWorkflow: name.default('standard').describe('Workflow that `quality run` runs when none is named.'),
  workflows: z
    .record(name, workflowSchema)
    .default({})
    .describe('Workflows of your own.')
    .meta({ examples: [{ nightly: { steps: ['verify', 'format', 'docs', { command: 'verify', timeout: '10m' }] } }] }),
  commands: z
    .record(name, commandSchema)
    .default({})
    .describe('Commands of your own.')
    .meta({
      examples: [{ docs: { run: ['node', 'docs.mjs'], effect: 'writes', files: ['docs/**'], after: ['format'] } }],
    }),
  formatters: z
    .partialRecord(z.enum(LANGUAGES).meta({ title: 'the name of a language' }), chain)
    .default({})
    .describe('Formatter chain for each language; asking for one here switches it on.')
    .meta({
      examples: [
        {
          javascript: ['eslint', ['prettier', 'biome']],
          python: [
            ['ruff', 'isort'],
            ['ruff', 'black'],
          ],
        },
      ],
    }),
  verify: verifySchema.prefault({}).describe('How `verify` works.'),
  cleanup: cleanupSchema.prefault({}).describe('How `cleanup` works.'),
  dedupe: dedupeSchema.prefault({}).describe('What counts as a clone, and what `dedupe` does about it.'),
  parallelExecution: z.boolean().default(true).describe('Several jobs at once; false runs one at a time.'),
  maxParallel: z
    .number()
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe('Most jobs at once; chosen from the machine when absent.')
    .meta({ examples: [4] }),
  priority: z.enum(['speed', 'balanced', 'safety', 'thorough']).default('balanced').describe('What matters most.'),
  createSnapshots: z.boolean().default(true).describe('Keep a snapshot of tree and index before anything is written.'),
  autoCleanup: z.boolean().default(true).describe('Remove old runs and snapshots after a successful run.'),
  keepRuns: z.number().int().min(1).default(20).describe('Runs, with their snapshots, that are kept.'),
  historyFile: z
    .string()
    .regex(INSIDE)
    .meta({ title: 'a path inside of the project' })
    .optional()
    .describe(
      'File, to be committed, that gets a line for each run over all files that found something else than the one before; what `quality report --trend` draws. When absent: `.quality/history.jsonl` alone.',
    )
    .meta({ examples: ['.quality-history.jsonl'] }),
  maxFileSize: size.default('10MiB').describe('Larger files are left out. Such as "512KiB", "10MiB", or bytes.'),
  excludedPatterns: globs.default([]).describe('Files that nothing here reads or writes, as globs.'),
  timeouts: timeoutsSchema.prefault({}).describe('Such as "90s", "10m", "1h", or milliseconds as a number.'),
  onFailure: z.enum(['ask', 'continue', 'rollback', 'stop']).default('continue').describe('When a step fails.'),
  onRegression: z
    .enum(['ask', 'bisect', 'rollback', 'keep'])
    .default('bisect')
    .describe('When an edit would cause a new finding.'),
});

const OPTIONS: Readonly<Record<string, z.ZodObject>> = {
  verify: verifySchema,
  cleanup: cleanupSchema,
  dedupe: dedupeSchema,
};
const anyOptions = z.strictObject({ ...verifySchema.shape, ...cleanupSchema.shape, ...dedupeSchema.shape });

/** What `options` of a workflow's step may hold: the keys of its command's section, or of all for one that has none. */
export function stepOptionsSchema(command: string): z.ZodObject {
  return Object.hasOwn(OPTIONS, command) ? (OPTIONS[command] ?? anyOptions) : anyOptions;
}

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
