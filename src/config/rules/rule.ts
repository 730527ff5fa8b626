/**
 * A rule reads the tree, not the parsed config: so it also runs on a config that the schema refuses, and all mistakes are
 * told at once. What has the wrong shape is skipped; the schema has said so already.
 */
import type { KnownNames } from '../known.js';
import type { Mistake } from '../mistake.js';
import type { ConfigDocument } from '../parse.js';
import { entriesOf, itemsOf, type Node, type Path, textOf, valueOf } from '../tree.js';

export interface RuleInput {
  readonly document: ConfigDocument;
  readonly known: KnownNames;
}

export type Rule = (input: RuleInput) => readonly Mistake[] | Promise<readonly Mistake[]>;

/** A string of the config with its place. */
export interface Placed {
  readonly text: string;
  readonly node: Node;
  readonly path: Path;
}

export function placed(node: Node | null, path: Path): readonly Placed[] {
  const text = textOf(node);
  return node === null || text === null ? [] : [{ text, node, path }];
}

export function placedItems(node: Node | null, path: Path): readonly Placed[] {
  return itemsOf(node).flatMap((item, index) => placed(item, [...path, index]));
}

export interface OwnCommand {
  readonly name: string;
  readonly node: Node | null;
  readonly path: Path;
  readonly after: readonly Placed[];
}

export function ownCommands({ tree }: ConfigDocument): readonly OwnCommand[] {
  return entriesOf(valueOf(tree, 'commands')).map(({ name, value }) => {
    const path = ['commands', name];
    return { name, node: value, path, after: placedItems(valueOf(value, 'after'), [...path, 'after']) };
  });
}

export interface OwnStep {
  /** Empty when it is written wrongly. */
  readonly command: readonly Placed[];
  readonly after: readonly Placed[];
}

export interface OwnWorkflow {
  readonly name: string;
  readonly steps: readonly OwnStep[];
}

export function ownWorkflows({ tree }: ConfigDocument): readonly OwnWorkflow[] {
  return entriesOf(valueOf(tree, 'workflows')).map(({ name, value }) => ({
    name,
    steps: itemsOf(valueOf(value, 'steps')).map((item, index) => ownStep(item, ['workflows', name, 'steps', index])),
  }));
}

function ownStep(item: Node, path: Path): OwnStep {
  if (item.type === 'string') return { command: placed(item, path), after: [] };
  return {
    command: placed(valueOf(item, 'command'), [...path, 'command']),
    after: placedItems(valueOf(item, 'after'), [...path, 'after']),
  };
}
