/** The Model Context Protocol over standard input and output. Nothing but protocol is printed. */
import { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { ownVersion } from '../host/own-package.js';
import { type Session, createSession } from './session.js';
import { registerDiff } from './tools/diff.js';
import { registerExplain } from './tools/explain.js';
import { registerFindings } from './tools/findings.js';
import { registerPlan } from './tools/plan.js';
import { registerRollback } from './tools/rollback.js';
import { registerRun } from './tools/run.js';

export interface ServerSettings {
  /** The project. */
  readonly cwd: string;
  readonly allowWrite: boolean;
  /** The process is to end. */
  readonly signal: AbortSignal;
  readonly onTrouble: (message: string) => void;
}

const TOOLS = [registerPlan, registerRun, registerFindings, registerExplain, registerDiff, registerRollback];

const INSTRUCTIONS =
  'Formats, cleans and verifies this project with its own tools. Begin with `run` (it only looks), mend what it finds, run again. `explain` says what a rule wants.';

/** Resolves when the client is gone, or the signal has come, and nothing goes on any more. */
export async function serve({ cwd, allowWrite, signal, onTrouble }: ServerSettings): Promise<void> {
  const gone = new AbortController();
  const session = createSession({ cwd, allowWrite, stop: AbortSignal.any([signal, gone.signal]) });
  const connection = serveStdio(() => serverFor(session), {
    transport: transportUntil(() => gone.abort('SIGTERM')),
    onerror: (error) => onTrouble(error.message),
  });
  await ended(session.stop);
  await session.settled();
  await connection.close();
}

function serverFor(session: Session): McpServer {
  const server = new McpServer(
    { name: 'quality', version: ownVersion() },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  for (const register of TOOLS) register(server, session);
  return server;
}

/** The client closes our input when it goes. */
function transportUntil(onGone: () => void): StdioServerTransport {
  process.stdin.once('end', onGone);
  process.stdin.once('close', onGone);
  return new StdioServerTransport();
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
