import type { Request } from '../open.js';
import type { Asked } from './asked.js';

/** What a hook wishes of every run. */
export function usualRequest({ request }: Asked): Pick<Request, 'cwd' | 'snapshot' | 'commandLine'> & Partial<Request> {
  return {
    cwd: request.cwd,
    snapshot: false,
    commandLine: request.commandLine,
    ...(request.configFile === undefined ? {} : { configFile: request.configFile }),
    ...(request.cache === undefined ? {} : { cache: request.cache }),
    ...(request.lockTimeoutMs === undefined ? {} : { lockTimeoutMs: request.lockTimeoutMs }),
  };
}

/** Of what is staged; its contents come later. */
export function stagedRequest(asked: Asked): Request {
  const { workflow = 'staged', fix } = asked.request;
  return { ...usualRequest(asked), workflow, mode: fix ? 'staged' : 'check', grain: 'file' };
}
