import type { Config } from '../config/schema.js';
import { durationMs } from '../config/units.js';
import { STAGED, type Workflow, type WorkflowStep } from '../model/command.js';

const step = (command: string, options?: WorkflowStep['options']): WorkflowStep => ({
  command,
  ...(options === undefined ? {} : { options }),
});

/**
 * The built-in workflows. Around all that write stand the same precautions: git state, disk, memory, lock, snapshot before;
 * integrity after. A verify before and after what writes is added where one is missing and findings decide (plan.ts).
 */
export const BUILT_IN_WORKFLOWS: readonly Workflow[] = [
  {
    name: 'standard',
    description: 'verify, format, clean up, verify again',
    steps: [step('verify'), step('format'), step('cleanup'), step('verify')],
  },
  {
    name: 'comprehensive',
    description: 'assess, verify and analyze, format, clean up, look for clones, tidy imports, verify again',
    steps: [
      step('verify', { checks: ['format', 'lint', 'types', 'dead-code'] }),
      step('analyze'),
      step('format'),
      step('cleanup'),
      step('dedupe'),
      step('cleanup', { organizeImports: true }),
      step('verify', { checks: ['format', 'lint', 'types', 'dead-code'] }),
    ],
  },
  { name: 'format-only', description: 'format; every changed file must still parse', steps: [step('format')] },
  {
    name: 'cleanup-only',
    description: 'verify, clean up, verify again',
    steps: [step('verify'), step('cleanup'), step('verify')],
  },
  { name: 'verify-only', description: 'verify; nothing is written', steps: [step('verify')] },
];

/** What hooks run. A workflow of this name in the config takes their place. */
const HOOK_WORKFLOWS: readonly Workflow[] = [
  {
    name: STAGED,
    description: 'what is about to be committed: format, clean up, lint the result',
    steps: [step('format'), step('cleanup'), step('verify', { checks: ['lint'] })],
  },
  { name: 'pre-push', description: 'what is about to be pushed: verify', steps: [step('verify')] },
];

export function workflowsOf(config: Config): ReadonlyMap<string, Workflow> {
  const own = Object.entries(config.workflows).map(([name, workflow]): Workflow => ({
    name,
    description: workflow.description ?? '',
    steps: workflow.steps.map(ownStep),
  }));
  return new Map([...BUILT_IN_WORKFLOWS, ...HOOK_WORKFLOWS, ...own].map((workflow) => [workflow.name, workflow]));
}

function ownStep(written: Config['workflows'][string]['steps'][number]): WorkflowStep {
  if (typeof written === 'string') return { command: written };
  return {
    command: written.command,
    ...(written.after === undefined ? {} : { after: written.after }),
    ...(written.timeout === undefined ? {} : { timeoutMs: durationMs(written.timeout) }),
    ...(written.options === undefined ? {} : { options: written.options }),
  };
}

/** The workflow of `--only format,cleanup`, and of the shortcuts: just these, in the order that their `after` asks for. */
export function workflowOfCommands(commands: readonly string[]): Workflow {
  return {
    name: commands.join(','),
    description: `only ${commands.join(', ')}`,
    steps: commands.map((command) => step(command)),
  };
}
