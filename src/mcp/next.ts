/** What to call next, with the arguments as they stand. */
import type * as z from 'zod';
import type { Report } from '../model/report.js';
import type { Request } from '../open.js';
import { ruleIdOf } from '../reporters/problems.js';
import type { Session } from './session.js';
import type { next } from './shapes.js';
import { wishesOf } from './wishes.js';

export type Next = z.infer<typeof next>;

type Wishes = Parameters<typeof wishesOf>[0] & { readonly mode: Request['mode'] };

export function nextAfter(report: Report, wishes: Wishes, { allowWrite }: Session): readonly Next[] {
  const { run, changes, findings, refused, failures } = report;
  const toMake = wishes.mode !== 'write' && changes.length > 0;
  const byHand = findings.find(({ fixable, path }) => fixable !== true && path !== null);
  return [
    ...(toMake && allowWrite ? [make(wishes)] : []),
    ...(changes.length > 0 ? [{ tool: 'diff', arguments: { run }, why: 'the changes as a unified diff' }] : []),
    ...(byHand === undefined
      ? []
      : [{ tool: 'explain', arguments: { what: ruleIdOf(byHand) }, why: 'what the rule wants, how to silence it' }]),
    ...(refused.length + failures.length > 0
      ? [{ tool: 'explain', arguments: { what: run }, why: 'why edits were not kept, or a step failed' }]
      : []),
    ...(wishes.mode === 'write' && changes.length > 0
      ? [{ tool: 'rollback', arguments: { run }, why: 'takes the changes back' }]
      : []),
  ];
}

function make(wishes: Wishes): Next {
  return { tool: 'run', arguments: { ...wishesOf(wishes), mode: 'write' }, why: 'makes the changes' };
}
