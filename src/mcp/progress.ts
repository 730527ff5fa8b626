/** A run's events as progress notifications: always more than before, whole numbers when a step ends. */
import type { ServerContext } from '@modelcontextprotocol/server';
import type { Event } from '../model/event.js';
import { count } from '../reporters/text.js';

export type OnEvent = (event: Event) => void;

/** Nobody is told who has not asked. */
export function progressFor({ mcpReq }: ServerContext): OnEvent {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  const state = { total: 0, steps: 0, jobs: 0 };
  const tell = (message: string): void => {
    const progress = state.steps + state.jobs / (state.jobs + 1);
    const params = { progressToken, progress, total: Math.max(state.total, Math.ceil(progress)), message };
    // A client that is gone, or has cancelled, hears nothing.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
  };
  return (event) => {
    if (event.type === 'plan-made') state.total = event.steps.length;
    else if (event.type === 'job-finished' || event.type === 'answers-known') {
      state.jobs += 1;
      tell(`${event.step}: ${event.tools.join(', ')} on ${count(event.files, 'file')}`);
    } else if (event.type === 'step-finished') {
      Object.assign(state, { steps: state.steps + 1, jobs: 0 });
      tell(`${event.step}: ${event.status}`);
    }
  };
}
