/** Names that must exist, and names that must not be taken. */
import { hintFor, type Mistake } from '../mistake.js';
import { entriesOf, itemsOf, type Path, valueOf } from '../tree.js';
import { ownCommands, ownWorkflows, placed, type Placed, placedItems, type Rule, type RuleInput } from './rule.js';

function unknown({ text, node, path }: Placed, names: readonly string[], noun: string): readonly Mistake[] {
  if (names.includes(text)) return [];
  const problem = `there is no ${noun} ${JSON.stringify(text)}`;
  return [{ range: node, path, problem, ...hintFor(text, names, `${noun}s`) }];
}

function commandNames({ document, known }: RuleInput): readonly string[] {
  return [...known.commands, ...ownCommands(document).map(({ name }) => name)];
}

export const defaultWorkflow: Rule = ({ document, known }) => {
  const names = [...known.workflows, ...ownWorkflows(document).map(({ name }) => name)];
  return placed(valueOf(document.tree, 'defaultWorkflow'), ['defaultWorkflow']).flatMap((wanted) =>
    unknown(wanted, names, 'workflow'),
  );
};

export const commandAfter: Rule = (input) => {
  const names = commandNames(input);
  return ownCommands(input.document).flatMap(({ after }) => after.flatMap((need) => unknown(need, names, 'command')));
};

export const stepNames: Rule = (input) => {
  const names = commandNames(input);
  return ownWorkflows(input.document).flatMap(({ name, steps }) => {
    const here = steps.flatMap(({ command }) => command.map(({ text }) => text));
    // A step whose own name is wrong may well be the one that is missed.
    const complete = here.length === steps.length && here.every((step) => names.includes(step));
    return steps.flatMap(({ command, after }) => [
      ...command.flatMap((step) => unknown(step, names, 'command')),
      ...after.flatMap((need) =>
        names.includes(need.text) ? (complete ? absent(need, name, here) : []) : unknown(need, names, 'command'),
      ),
    ]);
  });
};

function absent({ text, node, path }: Placed, workflow: string, here: readonly string[]): readonly Mistake[] {
  if (here.includes(text)) return [];
  const problem = `${JSON.stringify(text)} is no step of the workflow ${JSON.stringify(workflow)}`;
  return [{ range: node, path, problem, ...hintFor(text, here, 'steps') }];
}

/** Links of a chain and their alternatives. */
export const formatterNames: Rule = ({ document, known }) =>
  entriesOf(valueOf(document.tree, 'formatters')).flatMap(({ name, value }) =>
    itemsOf(value).flatMap((link, index) => {
      const path: Path = ['formatters', name, index];
      const names = link.type === 'array' ? placedItems(link, path) : placed(link, path);
      return names.flatMap((tool) => unknown(tool, known.tools, 'tool'));
    }),
  );

/** A command or workflow of one's own never replaces a built-in one: `quality format` means the same everywhere. */
export const noneOfOurs: Rule = ({ document, known }) => [
  ...taken('commands', known.commands, document),
  ...taken('workflows', known.workflows, document),
];

function taken(section: string, names: readonly string[], { tree }: RuleInput['document']): readonly Mistake[] {
  return entriesOf(valueOf(tree, section))
    .filter(({ name }) => names.includes(name))
    .map(({ name, key }) => {
      const problem = `this is the name of a built-in ${section.slice(0, -1)}; choose another`;
      return { range: key, path: [section, name], problem };
    });
}
