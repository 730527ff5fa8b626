/** A rule: what it is, what mends it, how the project has it set, how to silence it. */
import { nearest } from '../config/suggest.js';
import { type PastRun, findRun } from '../history.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { FAILURES, type Failure, type FailureKind } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';
import { ruleIdOf } from '../reporters/problems.js';
import { type EslintKnowledge, askEslint } from './ask-eslint.js';
import type { RuleExplanation } from './explanation.js';
import type { Asked } from './file.js';
import { OWN_RULES, type RuleFacts, factsOfFailure } from './own-rules.js';
import { silenceOf, urlOf } from './silence.js';
import { factsOfCode, isCode } from './typescript-codes.js';

/** Words that a rule may be asked for with: `eslint/no-undef`, `no-undef`, `TS2322`, `prettier`. */
export async function explainRule(asked: Asked, word: string): Promise<Result<RuleExplanation, readonly Failure[]>> {
  const past = await findRun(asked.opened.root, undefined, ({ state }) => state.findings !== null);
  const seen = past.ok ? findingsOf(past.value) : [];
  const matching = matchesOf(word, seen);
  const [sample] = matching;
  const named = sample === undefined ? namedBy(word) : { tool: sample.tool, bare: sample.rule ?? sample.tool };
  const told = await factsOf({ asked, ...named, sample: sample?.path ?? null });
  if (told.facts === null && sample === undefined) return failed([unknown(word, seen, told)]);
  const known: RuleFacts = told.facts ?? { tool: named.tool ?? '', what: NO_WORDS, fix: null };
  return success(explanationOf(named.bare, known, { matching, run: past.ok ? past.value.id : null }));
}

const NO_WORDS = 'The tool has no description of it that can be asked for here.';

interface Seen {
  readonly matching: readonly Diagnostic[];
  readonly run: string | null;
}

function explanationOf(asked: string, facts: RuleFacts, { matching, run }: Seen): RuleExplanation {
  const { tool, what, bare = asked, setting = null, silence = silenceOf(tool, bare) } = facts;
  const isFixable = matching.some((one) => one.fixable === true);
  return {
    kind: 'rule',
    tool,
    rule: ruleIdOf({ tool, rule: bare === tool ? null : bare }),
    what,
    url: matching[0]?.url ?? facts.url ?? urlOf(tool, bare),
    fix: facts.fix ?? (isFixable ? 'The tool can fix it: `quality run` does.' : 'By hand.'),
    setting,
    silence: [...silence, ...BASELINE],
    seen: run === null ? null : { run, findings: matching.length, examples: matching.slice(0, MOST_EXAMPLES) },
    next: [isFixable ? FIX : LOOK],
  };
}

const FIX = { command: 'quality run', why: 'fixes what the tools can fix' };
const LOOK = { command: 'quality run --check', why: 'shows where it is broken now' };
const MOST_EXAMPLES = 5;
const BASELINE = ['accept all that is there now: `quality baseline create`, or `quality baseline update --force`'];

function findingsOf({ state }: PastRun): readonly Diagnostic[] {
  return [...(state.findings ?? []), ...state.extraFindings];
}

function matchesOf(word: string, seen: readonly Diagnostic[]): readonly Diagnostic[] {
  const exact = seen.filter((one) => ruleIdOf(one) === word);
  if (exact.length > 0) return exact;
  return seen.filter(
    (one) => one.rule?.toLowerCase() === word.toLowerCase() || (one.rule === 'format' && one.tool === word),
  );
}

interface Named {
  /** null: a bare word may be anybody's. */
  readonly tool: string | null;
  readonly bare: string;
}

/** `eslint/no-undef` names its tool. */
function namedBy(word: string): Named {
  const cut = word.startsWith('@') ? -1 : word.indexOf('/');
  return cut <= 0 ? { tool: null, bare: word } : { tool: word.slice(0, cut), bare: word.slice(cut + 1) };
}

interface Question extends Named {
  readonly asked: Asked;
  /** A file where it was found. */
  readonly sample: string | null;
}

interface Told {
  readonly facts: RuleFacts | null;
  /** Names of rules that exist. */
  readonly names: readonly string[];
  /** Why the linter could not be asked. */
  readonly trouble?: string;
}

async function factsOf(question: Question): Promise<Told> {
  const { tool, bare } = question;
  const own = ownFacts(question);
  if (own !== null) return { facts: own, names: [] };
  if (isCode(bare) && (tool ?? 'tsc') === 'tsc') return { facts: await factsOfCode(bare), names: [] };
  if (isFailure(bare)) return { facts: factsOfFailure(bare, tool), names: [] };
  return tool !== null && KNOWN_OTHERS.has(tool) ? { facts: null, names: [] } : askedOfEslint(question);
}

async function askedOfEslint({ asked, tool, bare, sample }: Question): Promise<Told> {
  // `import/no-cycle` is a rule of a plugin; there is no tool of this name.
  const rule = tool === null || tool === 'eslint' ? bare : `${tool}/${bare}`;
  const knowledge = await askEslint(asked.opened, { rule, sample });
  if (knowledge !== null && 'trouble' in knowledge) return { facts: null, names: [], trouble: knowledge.trouble };
  return knowledge === null ? { facts: null, names: [] } : { facts: eslintFacts(knowledge), names: knowledge.names };
}

function isFailure(name: string): name is FailureKind {
  return Object.hasOwn(FAILURES, name);
}

/** Tools whose rules are theirs alone. */
const KNOWN_OTHERS: ReadonlySet<string> = new Set(['tsc', 'prettier', 'biome', 'oxlint', 'ruff', 'knip', 'jscpd']);

function ownFacts({ tool, bare }: Named): RuleFacts | null {
  const ofAnyTool = OWN_RULES[`/${bare}`];
  if (ofAnyTool !== undefined) return { ...ofAnyTool, tool: tool ?? ofAnyTool.tool };
  if (tool !== null) return OWN_RULES[`${tool}/${bare}`] ?? null;
  return Object.entries(OWN_RULES).find(([id]) => id.endsWith(`/${bare}`))?.[1] ?? null;
}

function eslintFacts({ meta, setting, isKnown, rule }: EslintKnowledge): RuleFacts | null {
  if (!isKnown) return null;
  const told = meta ?? { fixable: false, hasSuggestions: false, deprecated: false };
  const { description = 'The rule describes itself nowhere.', url = null, fixable, hasSuggestions } = told;
  return {
    tool: 'eslint',
    bare: rule,
    what: `${description}${told.deprecated ? ' (deprecated)' : ''}`,
    url,
    fix: fixable ? FIXABLE : hasSuggestions ? SUGGESTIONS : null,
    setting: setting === null ? null : `${setting.value} for ${setting.file}`,
    silence: silenceOf('eslint', rule),
  };
}

const FIXABLE =
  'ESLint can fix it, by its own words: `quality format` or `quality run` does, as far as the configuration lets it.';
const SUGGESTIONS = 'By hand: ESLint has suggestions for editors, none that is applied unseen.';

function unknown(word: string, seen: readonly Diagnostic[], { names, trouble }: Told): Failure {
  const all = [
    ...seen.map(ruleIdOf),
    ...seen.flatMap(({ rule }) => rule ?? []),
    ...names,
    ...Object.keys(OWN_RULES),
    ...Object.keys(FAILURES),
  ];
  const guess = nearest(word, all);
  return {
    kind: 'usage',
    message: `Nothing here is called "${word}"${trouble === undefined ? '' : ', as far as can be told: ESLint could not be asked'}`,
    ...(trouble === undefined ? {} : { detail: trouble }),
    next:
      guess === null
        ? 'Name a rule such as `eslint/no-undef` or `TS2322`, a place such as `src/a.ts:3`, or a run of `quality runs`.'
        : `Did you mean \`${guess}\`?`,
  };
}
