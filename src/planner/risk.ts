import type { Plan, PlannedStep } from '../model/plan.js';
import type { PlanFacts } from './facts.js';

const MANY_FILES = 1000;

/** What could go wrong with this run, before it starts: shown, never a reason to stop. */
export function assessRisk(facts: PlanFacts, files: number, steps: readonly PlannedStep[]): NonNullable<Plan['risk']> {
  const tasks = steps.flatMap((step) => step.tasks);
  const reasons = [
    ...(facts.inRepository ? [] : ['no git repository: the snapshot is all there is to go back to']),
    ...(tasks.some((task) => task.check === 'types') ? [] : ['no type checker judges the edits']),
    ...(tasks.some((task) => task.check === 'tests') ? [] : ['no tests judge the edits: verify.tests is empty']),
    ...(files > MANY_FILES ? [`${String(files)} files may change`] : []),
    ...(facts.skips.some((skip) => skip.wanted) ? ['a tool that the project asks for is not installed'] : []),
  ];
  return { level: reasons.length >= 3 ? 'high' : reasons.length === 2 ? 'medium' : 'low', reasons };
}
