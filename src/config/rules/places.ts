/** Folders and globs: all of them lie inside the workspace. */
import { posix } from '../../host/paths.js';
import type { Mistake } from '../mistake.js';
import { valueOf } from '../tree.js';
import { ownCommands, placed, type Placed, placedItems, type Rule, type RuleInput } from './rule.js';

const ABSOLUTE = /^(?:[/\\]|[a-zA-Z]:)/;

export const commandFolders: Rule = ({ document }) =>
  ownCommands(document)
    .flatMap(({ node, path }) => placed(valueOf(node, 'cwd'), [...path, 'cwd']))
    .filter(({ text }) => leavesWorkspace(text))
    .map(({ text, node, path }) => {
      const problem = `expected a folder inside the workspace, got ${JSON.stringify(text)}`;
      return { range: node, path, problem };
    });

function leavesWorkspace(path: string): boolean {
  const plain = posix.normalize(path.replaceAll('\\', '/'));
  return ABSOLUTE.test(path) || plain === '..' || plain.startsWith('../');
}

export const globs: Rule = async (input) => {
  const all = globsOf(input);
  if (all.length === 0) return [];
  const { default: picomatch } = await import('picomatch');
  return all.flatMap((glob) =>
    globMistakes(glob, (text) => picomatch.makeRe(text, { strictBrackets: true, debug: true })),
  );
};

/** An empty one is for the schema to refuse. */
function globsOf({ document }: RuleInput): readonly Placed[] {
  const inCommands = ownCommands(document).flatMap(({ node, path }) =>
    ['files', 'inputs'].flatMap((key) => placedItems(valueOf(node, key), [...path, key])),
  );
  const excluded = placedItems(valueOf(document.tree, 'excludedPatterns'), ['excludedPatterns']);
  return [...excluded, ...inCommands].filter(({ text }) => text !== '');
}

const OUTSIDE = /^(?:\/|[a-zA-Z]:[/\\]|\.\.(?:\/|$))/;

function globMistakes({ text, node, path }: Placed, parse: (glob: string) => unknown): readonly Mistake[] {
  const glob = text.replace(/^!/, '');
  if (OUTSIDE.test(glob)) {
    const problem = `expected a glob relative to the workspace, got ${JSON.stringify(text)}`;
    const inside = glob.replace(/^\/+/, '');
    const hint = inside === glob || inside === '' ? {} : { hint: `did you mean \`${inside}\`?` };
    return [{ range: node, path, problem, ...hint }];
  }
  const reason = troubleOf(() => parse(glob));
  return reason === null ? [] : [{ range: node, path, problem: `this is no valid glob: ${reason}` }];
}

function troubleOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // `pages/[[...slug]].tsx` is an ordinary name in some frameworks, and matches itself.
    return reason.startsWith('Missing opening') ? null : reason;
  }
}
