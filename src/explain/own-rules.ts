/** What `quality` itself says, and tools whose findings have no description of their own. */
import { FAILURES, type FailureKind } from '../model/failure.js';

export interface RuleFacts {
  readonly tool: string;
  /** Its name in the tool, where it was asked for in another spelling. */
  readonly bare?: string;
  readonly what: string;
  readonly url?: string | null;
  /** null: by hand, as far as is known. */
  readonly fix: string | null;
  readonly setting?: string | null;
  readonly silence?: readonly string[];
}

const CLEANUP = '`quality cleanup` or `quality run` does.';
const LEVEL =
  'leave `cleanup` out of the workflow: `quality run --only format`, or "workflows" in `.quality-config.json`';

const cleanup = (what: string): RuleFacts => ({ tool: 'cleanup', what, fix: CLEANUP, silence: [LEVEL] });

/** By `tool/rule`; `/format` is every formatter's. */
export const OWN_RULES: Readonly<Record<string, RuleFacts>> = {
  '/format': {
    tool: 'prettier',
    what: 'The file is not what the project’s formatter would make of it.',
    fix: '`quality format` or `quality run` does.',
  },
  'quality/would-change': {
    tool: 'quality',
    what: 'A command that writes would change this file, although no finding says so: clean-up, or a fix that is no lint finding.',
    fix: '`quality run` makes the change; `quality diff` shows it.',
    silence: ['leave the command out of the workflow, or the file with "excludedPatterns" in `.quality-config.json`'],
  },
  'quality/unfinished': {
    tool: 'quality',
    what: 'The run did not come to its end: there may be more than what it had found until then.',
    fix: 'Run it again.',
    silence: [],
  },
  'cleanup/unused-import': cleanup('An import that nothing uses.'),
  'cleanup/unused-local': cleanup('A local name that nothing uses, and whose removal changes nothing.'),
  'cleanup/unused-private-member': cleanup('A private member that nothing uses.'),
  'cleanup/unreachable-code': cleanup('Code that no path reaches.'),
  'cleanup/organize-imports': cleanup('Imports that are not sorted and merged.'),
  'jscpd/duplicate': {
    tool: 'jscpd',
    what: 'The same tokens stand in two places.',
    url: 'https://github.com/kucherenko/jscpd',
    fix: 'By hand; `quality dedupe` merges identical declarations when "dedupe": { "apply": true } is set.',
  },
  'dedupe/identical': {
    tool: 'dedupe',
    what: 'Two top-level declarations are identical, and could be one.',
    fix: '`quality dedupe` merges them when "dedupe": { "apply": true } is set.',
    silence: ['raise "dedupe": { "minLines": … } in `.quality-config.json`'],
  },
  '/max-warnings': {
    tool: 'eslint',
    what: 'There are more warnings than the project’s own lint script allows (`--max-warnings`).',
    fix: 'Mend warnings until there are few enough.',
    silence: ['raise `--max-warnings` in the script of package.json'],
  },
  '/unmatched-pattern': {
    tool: 'quality',
    what: 'A pattern in the project’s own call of the tool matches no file: the tool itself would fail.',
    fix: 'Correct the pattern in the script.',
    silence: [],
  },
};

/** Kinds of failures stand as rules of the tool that failed. */
export function factsOfFailure(kind: FailureKind, tool: string | null): RuleFacts {
  return {
    tool: tool ?? 'quality',
    what: `A failure, no rule: exit code ${String(FAILURES[kind].exitCode)}. docs/troubleshooting.md says why it happens.`,
    fix: FAILURES[kind].next,
    silence: [],
  };
}
