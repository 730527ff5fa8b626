/** Circles in `after`: each command waits for the next, and the last one for the first. */
import type { Mistake } from '../mistake.js';
import { ownCommands, ownWorkflows, type OwnStep, type Placed, type Rule, type RuleInput } from './rule.js';

/** `from` comes after `to`. Nodes are commands, or steps of a workflow. */
interface Edge {
  readonly from: string;
  readonly to: string;
  readonly fromName: string;
  readonly toName: string;
  /** Where the config says so; null when it is built in. */
  readonly place: Placed | null;
}

export const commandCircles: Rule = (input) =>
  circlesIn(afterEdges(input).map((edge) => ({ ...edge, from: edge.fromName, to: edge.toName }))).flatMap(mistakeOf);

interface After {
  readonly fromName: string;
  readonly toName: string;
  readonly place: Placed | null;
}

function afterEdges({ document, known }: RuleInput): readonly After[] {
  // One with a built-in's name is refused for that alone; circles through it would only be noise.
  const own = ownCommands(document).flatMap(({ name, after }) =>
    known.commands.includes(name) ? [] : after.map((place) => ({ fromName: name, toName: place.text, place })),
  );
  const builtIn = Object.entries(known.after).flatMap(([fromName, names]) =>
    names.map((toName) => ({ fromName, toName, place: null })),
  );
  return [...own, ...builtIn];
}

/** Circles that only this workflow has, through the `after` of its steps. */
export const workflowCircles: Rule = (input) => {
  const always = afterEdges(input);
  return ownWorkflows(input.document).flatMap(({ steps }) => {
    const edges = steps.flatMap((step, index) => stepEdges(step, index, steps, always));
    const here = new Set(steps.flatMap(({ after }) => after));
    return circlesIn(edges)
      .filter((circle) => circle.some(({ place }) => place !== null && here.has(place)))
      .flatMap(mistakeOf);
  });
};

function stepEdges(step: OwnStep, index: number, steps: readonly OwnStep[], always: readonly After[]): readonly Edge[] {
  const [name] = step.command;
  if (name === undefined) return [];
  const own = step.after.map((place) => ({ fromName: name.text, toName: place.text, place }));
  return [...own, ...always.filter(({ fromName }) => fromName === name.text)].flatMap((edge) => {
    const to = metBy(edge.toName, index, steps);
    return to === null ? [] : [{ ...edge, from: String(index), to: String(to) }];
  });
}

/**
 * The step that a need waits for: the nearest one before, else the first one after, else the step itself, which is a
 * circle of one. A verify further down judges what was done, nothing waits for it.
 */
function metBy(need: string, index: number, steps: readonly OwnStep[]): number | null {
  const isNeed = ({ command }: OwnStep): boolean => command[0]?.text === need;
  const before = steps.findLastIndex((step, place) => place < index && isNeed(step));
  if (before >= 0) return before;
  if (need === 'verify') return null;
  const later = steps.findIndex((step, place) => place > index && isNeed(step));
  if (later >= 0) return later;
  return steps[index] !== undefined && isNeed(steps[index]) ? index : null;
}

type Circle = readonly Edge[];

/** At least one circle of every knot; each one once, from the edge that the config names first. */
function circlesIn(edges: readonly Edge[]): readonly Circle[] {
  const circles = new Map<string, Circle>();
  const done = new Set<string>();
  const follow = (node: string, path: readonly Edge[]): void => {
    const start = path.findIndex(({ from }) => from === node);
    if (start >= 0) {
      const circle = turned(path.slice(start));
      circles.set(circle.map(({ from }) => from).join('\0'), circle);
      return;
    }
    if (done.has(node)) return;
    for (const edge of edges) if (edge.from === node) follow(edge.to, [...path, edge]);
    done.add(node);
  };
  for (const { from } of edges) follow(from, []);
  return [...circles.values()];
}

/** The circle is the same wherever it begins; to begin with what the person wrote reads best. */
function turned(circle: Circle): Circle {
  const offset = ({ place }: Edge): number => place?.node.offset ?? Infinity;
  const first = circle.reduce((best, edge, index) => {
    const known = circle[best];
    return known !== undefined && offset(edge) < offset(known) ? index : best;
  }, 0);
  return [...circle.slice(first), ...circle.slice(0, first)];
}

function mistakeOf(circle: Circle): readonly Mistake[] {
  const [first, ...others] = circle;
  // Without a place it is a circle among the built-in commands: a bug of ours, not a mistake in this file.
  if (first?.place == null) return [];
  const names = [...circle.map(({ fromName }) => fromName), first.fromName];
  const related = others.map(({ fromName, toName, place }) => ({
    range: place?.node ?? null,
    note: `${fromName} comes after ${toName}${place === null ? ': built in' : ''}`,
  }));
  const problem = `these wait for each other: ${names.join(' → ')}`;
  return [{ range: first.place.node, path: first.place.path, problem, related }];
}
