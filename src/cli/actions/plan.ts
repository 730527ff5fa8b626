import type { Request } from '../../open.js';
import { plan } from '../../quality.js';
import { showPlan } from '../../reporters/plan-text.js';
import { refuse, wantsColor } from '../terminal.js';

export interface PlanFlags {
  readonly json?: true;
  readonly color?: boolean;
}

export async function planCommand(request: Request, flags: PlanFlags): Promise<void> {
  const prepared = await plan(request, { onNotice: (message) => void process.stderr.write(`${message}\n`) });
  if (!prepared.ok) refuse(prepared.failure);
  else if (flags.json === true) process.stdout.write(`${JSON.stringify(prepared.value.plan, null, 2)}\n`);
  else process.stdout.write(showPlan(prepared.value.plan, wantsColor(flags.color, process.stdout)));
}
