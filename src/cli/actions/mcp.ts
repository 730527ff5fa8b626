import { resolve } from '../../host/paths.js';
import { serve } from '../../mcp/server.js';
import { findTarget } from '../../target.js';
import { withSignals } from '../signals.js';
import { refuse } from '../terminal.js';

export interface McpFlags {
  readonly allowWrite?: true;
}

export async function serveMcp(folder: string | undefined, { allowWrite }: McpFlags): Promise<void> {
  const cwd = resolve(folder ?? '.');
  const target = await findTarget(cwd);
  if (!target.ok) {
    refuse([target.failure]);
    return;
  }
  const onTrouble = (message: string): void => void process.stderr.write(`${message}\n`);
  await withSignals((signal) => serve({ cwd, allowWrite: allowWrite === true, signal, onTrouble }));
}
