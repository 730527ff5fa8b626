/** What the schema cannot say. A new rule is a function and a line here. */
import type { Mistake } from './mistake.js';
import { commandCircles, workflowCircles } from './rules/circles.js';
import { noneOfOurs, stepNames, commandAfter, defaultWorkflow, formatterNames } from './rules/names.js';
import { commandFolders, globs } from './rules/places.js';
import type { Rule, RuleInput } from './rules/rule.js';

const RULES: readonly Rule[] = [
  noneOfOurs,
  defaultWorkflow,
  stepNames,
  commandAfter,
  formatterNames,
  commandCircles,
  workflowCircles,
  commandFolders,
  globs,
];

export async function applyRules(input: RuleInput): Promise<readonly Mistake[]> {
  return (await Promise.all(RULES.map(async (rule) => rule(input)))).flat();
}
