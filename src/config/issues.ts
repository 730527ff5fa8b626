/** zod's issues as mistakes in plain words, each at its exact place. */
import type { core } from 'zod';
import { keysOf, schemaAt, wordsFor, type JsonSchema } from './expected.js';
import { hintFor, type Mistake } from './mistake.js';
import type { ConfigDocument } from './parse.js';
import { nearest } from './suggest.js';
import { keyRange, nodeAt, type Node, type Path, textOf } from './tree.js';

export type Issue = core.$ZodIssue;

export interface IssueContext {
  readonly document: ConfigDocument;
  /** Of the value that was checked. */
  readonly schema: JsonSchema;
  /** Where that value stands in the config. */
  readonly at: Path;
}

export function mistakesOf(issues: readonly Issue[], context: IssueContext): readonly Mistake[] {
  return issues.flatMap((issue) => {
    const path = pathOf(issue);
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], context));
    if (issue.code === 'invalid_key') return [unknownKey(path, context)];
    if (issue.code === 'invalid_union') return unionMistakes(issue, context);
    return [wrongValue(path, context)];
  });
}

function pathOf(issue: Issue): Path {
  return issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
}

/** The branch that the value was meant for is the one whose outermost type it has; none: it is wrong as a whole. */
function unionMistakes(issue: core.$ZodIssueInvalidUnion, context: IssueContext): readonly Mistake[] {
  const path = pathOf(issue);
  const meant = issue.errors.filter(
    (errors) => !errors.some(({ code, path: at }) => code === 'invalid_type' && at.length === 0),
  );
  const [only] = meant;
  if (only === undefined || meant.length > 1 || only.length === 0) return [wrongValue(path, context)];
  return mistakesOf(
    only.map((inner) => ({ ...inner, path: [...path, ...inner.path] })),
    context,
  );
}

function wrongValue(path: Path, { document, schema, at }: IssueContext): Mistake {
  const full = [...at, ...path];
  const expected = schemaAt(schema, path);
  const node = nodeAt(document.tree, full);
  if (node === null) {
    return { range: keyRange(document.tree, full), path: full, problem: `missing: expected ${wordsFor(expected)}` };
  }
  const word = textOf(node);
  return {
    range: node.type === 'object' ? { offset: node.offset, length: 1 } : node,
    path: full,
    problem: `expected ${wordsFor(expected)}, got ${shown(node, document.text)}`,
    ...(word === null ? {} : hintFor(word, expected.title === undefined ? namesIn(expected) : [], 'known')),
  };
}

function namesIn(schema: JsonSchema): readonly string[] {
  return (schema.enum ?? []).filter((value) => typeof value === 'string');
}

function unknownKey(path: Path, context: IssueContext): Mistake {
  const { document, schema, at } = context;
  const full = [...at, ...path];
  const name = String(path.at(-1));
  const owner = schemaAt(schema, path.slice(0, -1));
  const names = owner.propertyNames;
  return {
    range: keyRange(document.tree, full),
    path: full,
    problem: names === undefined ? 'unknown key' : `expected ${wordsFor(names)}, got ${quoted(name)}`,
    ...keyHint(name, keysOf(owner), context),
  };
}

/** A misspelling, or a key that belongs into another place: `minLines` at the top is `dedupe.minLines`. */
function keyHint(name: string, siblings: readonly string[], context: IssueContext): { readonly hint?: string } {
  const place = nearest(name, siblings) === null && context.at.length === 0 ? homeOf(name, context.schema) : null;
  return place === null ? hintFor(name, siblings, 'known here') : { hint: place };
}

function homeOf(name: string, { properties = {} }: JsonSchema): string | null {
  if (Object.hasOwn(properties, name)) return `\`${name}\` belongs to the top level of the config`;
  const section = Object.entries(properties).find(([, inner]) => Object.hasOwn(inner.properties ?? {}, name));
  return section === undefined ? null : `did you mean \`${section[0]}.${name}\`?`;
}

const LONGEST = 40;

function quoted(text: string): string {
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

function shown(node: Node, text: string): string {
  const size = node.children?.length ?? 0;
  if (node.type === 'array') return size === 0 ? 'an empty list' : 'a list';
  if (node.type === 'object') return size === 0 ? 'an empty object' : 'an object';
  if (node.type === 'string') return quoted(String(node.value));
  return text.slice(node.offset, node.offset + Math.min(node.length, LONGEST));
}
