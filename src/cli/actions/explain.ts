import { resolve } from '../../host/paths.js';
import { explain } from '../../explain/explain.js';
import { showExplanation } from '../../explain/text.js';
import { refuse, wantsColor } from '../terminal.js';

export interface ExplainFlags {
  readonly json?: true;
  readonly config?: string;
  readonly color?: boolean;
}

export async function explainHere(what: string | undefined, { json, config, color }: ExplainFlags): Promise<void> {
  const request = { cwd: process.cwd(), ...(config === undefined ? {} : { configFile: resolve(config) }) };
  const explained = await explain(request, what, (message) => void process.stderr.write(`${message}\n`));
  if (!explained.ok) refuse(explained.failure);
  else if (json === true) process.stdout.write(`${JSON.stringify(explained.value, null, 2)}\n`);
  else process.stdout.write(showExplanation(explained.value, wantsColor(color, process.stdout)));
}
