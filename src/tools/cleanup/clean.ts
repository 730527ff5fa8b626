import type { Candidate, CandidateContext, CleanupRule } from './candidates.js';
import { beforeCuts, cutsFor, removedNodes } from './cuts.js';
import { withoutHeld } from './holds.js';
import { jsxNames } from './keepers.js';
import { isModuleByName, isModuleFile, isModuleStatement } from './module-kind.js';
import { unusedPrivateMembers } from './private-members.js';
import { prove } from './proof.js';
import type { SecondOpinion } from './second-opinion.js';
import { isFault, isInside } from './syntax.js';
import type { Analysis } from './scopes.js';
import type { Parser, Span, Syntax, SyntaxFault } from './syntax.js';
import type { CompilerFacts } from './tsconfig.js';
import { unreachableCode } from './unreachable.js';
import { unusedNames } from './unused-names.js';

export interface CleanTools {
  readonly parser: Parser;
  readonly analyse: (syntax: Syntax) => Analysis;
  /** Loaded when the first file needs it: most files never do. */
  readonly secondOpinion: () => Promise<SecondOpinion>;
  readonly factsOf: (path: string) => Promise<CompilerFacts>;
}

/** Something that was removed, or (`dropped`) could not be removed without harm; the span is of the text given. */
export interface Finding {
  readonly rule: CleanupRule;
  readonly name: string;
  readonly span: Span;
  readonly dropped: boolean;
}

export interface Cleaned {
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** Removing one thing may orphan another; chains longer than this end unfinished, and the next run goes on. */
const MAX_ROUNDS = 20;

/** Removes dead code from one text until there is none left. The text has no byte order mark. */
export async function clean(tools: CleanTools, path: string, text: string): Promise<Cleaned | SyntaxFault> {
  const parsed = tools.parser.parse(path, text);
  if (isFault(parsed)) return parsed;
  const history: (readonly Span[])[] = [];
  const findings: Finding[] = [];
  // What is in the way now may not be after the next removal: asked again whenever something has gone.
  let settled: Settled = NOTHING_SETTLED;
  let syntax = parsed;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const verdict = await confirmedCandidates(tools, syntax, settled.keys);
    if (verdict.agreed.length === 0) break;
    const step = removeProven(tools.parser, syntax, withoutNested(verdict.agreed));
    const note = (candidate: Candidate, dropped: boolean): Finding => findingOf(history, candidate, dropped);
    findings.push(...step.removed.map((candidate) => note(candidate, false)));
    const stuck = step.dropped.map((candidate) => note(candidate, true));
    const over = [...step.dropped, ...verdict.refused].map(keyOf);
    settled =
      step.removed.length > 0
        ? NOTHING_SETTLED
        : { keys: new Set([...settled.keys, ...over]), stuck: [...settled.stuck, ...stuck] };
    history.push(step.cuts);
    syntax = step.syntax;
  }
  const all = [...findings, ...settled.stuck];
  return { text: syntax.text, findings: all.sort((left, right) => left.span.start - right.span.start) };
}

/** Candidates of the present text on which nothing more is to be said. */
interface Settled {
  readonly keys: ReadonlySet<string>;
  readonly stuck: readonly Finding[];
}

const NOTHING_SETTLED: Settled = { keys: new Set(), stuck: [] };

function keyOf({ rule, span }: Candidate): string {
  return `${rule}:${span.start}`;
}

function findingOf(history: readonly (readonly Span[])[], { rule, name, span }: Candidate, dropped: boolean): Finding {
  return { rule, name, span: mapBack(history, span), dropped };
}

function mapBack(history: readonly (readonly Span[])[], span: Span): Span {
  return history.reduceRight(
    ({ start, end }, cuts) => ({ start: beforeCuts(cuts, start), end: beforeCuts(cuts, end - 1) + 1 }),
    span,
  );
}

interface Verdict {
  readonly agreed: readonly Candidate[];
  readonly refused: readonly Candidate[];
}

const NOTHING: Verdict = { agreed: [], refused: [] };

async function confirmedCandidates(tools: CleanTools, syntax: Syntax, settled: ReadonlySet<string>): Promise<Verdict> {
  const { parser } = tools;
  const analysis = tools.analyse(syntax);
  const context: CandidateContext = { parser, syntax, analysis };
  const found = [...unusedNames(context), ...unusedPrivateMembers(context), ...unreachableCode(context)];
  const open = found.filter((candidate) => !settled.has(keyOf(candidate)));
  if (open.length === 0) return NOTHING;
  const facts = await tools.factsOf(syntax.path);
  const candidates = withoutHeld(context, facts, open);
  if (candidates.length === 0) return NOTHING;
  const { confirm } = await tools.secondOpinion();
  const isModule = isModuleFile(syntax, analysis);
  const jsxFactory = jsxNames(syntax.comments(), facts)[0] ?? null;
  const agreed = confirm({ path: syntax.path, text: syntax.text, isModule, jsxFactory, candidates });
  const kept = new Set(keepModule(syntax, agreed));
  return { agreed: [...kept], refused: candidates.filter((candidate) => !kept.has(candidate)) };
}

/** A file must not stop being a module: the last import that makes it one stays. */
function keepModule(syntax: Syntax, candidates: readonly Candidate[]): readonly Candidate[] {
  if (isModuleByName(syntax.path)) return candidates;
  const statements = syntax.program.body.filter(isModuleStatement);
  const removed = removedNodes(candidates);
  const last = statements.at(-1);
  if (last === undefined || statements.some((statement) => !removed.has(statement))) return candidates;
  return candidates.filter(({ removals }) => removals.every(({ owner }) => owner !== last));
}

interface Step {
  readonly syntax: Syntax;
  readonly cuts: readonly Span[];
  readonly removed: readonly Candidate[];
  readonly dropped: readonly Candidate[];
}

/** Removes them all at once; where that does not hold, only those that hold one by one. */
function removeProven(parser: Parser, syntax: Syntax, candidates: readonly Candidate[]): Step {
  const all = attempt(parser, syntax, candidates);
  if (all !== null) return { ...all, removed: candidates, dropped: [] };
  const sound = candidates.filter((candidate) => attempt(parser, syntax, [candidate]) !== null);
  const together = attempt(parser, syntax, sound) ?? { syntax, cuts: [] };
  const removed = together.cuts.length === 0 ? [] : sound;
  return { ...together, removed, dropped: candidates.filter((candidate) => !removed.includes(candidate)) };
}

function attempt(
  parser: Parser,
  syntax: Syntax,
  candidates: readonly Candidate[],
): { syntax: Syntax; cuts: readonly Span[] } | null {
  const cuts = cutsFor({ parser, syntax }, candidates);
  const proven = prove(parser, { syntax, cuts, removed: removedNodes(candidates) });
  return proven === null ? null : { syntax: proven, cuts };
}

/** What lies inside something that goes anyway needs no cut, and no words, of its own. */
function withoutNested(candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ removals }, index) =>
    removals.every(({ node }) =>
      candidates.every(
        (other, otherIndex) =>
          otherIndex === index ||
          other.removals.every(
            (outer) => !isInside(node, outer.node) || (isInside(outer.node, node) && index < otherIndex),
          ),
      ),
    ),
  );
}
