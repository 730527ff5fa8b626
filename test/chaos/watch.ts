/** Sees the moments for which disturbances wait. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Disturbance, FileTrigger, Trigger } from './disturbances.js';
import type { World } from './world.js';

interface Watch {
  readonly call: { readonly world: World; readonly mark: string };
  readonly disturbances: readonly Disturbance[];
  readonly fire: (disturbance: Disturbance) => void;
}

const LOOK_EVERY_MS = 2;

/** Fires each disturbance once; returns how to stop watching. */
export function watch(child: ChildProcess, { call, disturbances, fire }: Watch): () => void {
  const waiting = new Set(disturbances.filter(({ trigger }) => trigger.on !== 'delay'));
  for (const one of disturbances) if (one.trigger.on === 'delay') fire(one);
  const check = (holds: (trigger: Trigger) => boolean): void => {
    for (const one of [...waiting]) {
      if (!holds(one.trigger)) continue;
      waiting.delete(one);
      fire(one);
    }
  };
  const seen = { lines: 0, types: new Map<string, number>() };
  onLines(child, (line) => {
    seen.lines += 1;
    const type = /"type":"([a-z-]+)"/.exec(line)?.[1] ?? '';
    seen.types.set(type, (seen.types.get(type) ?? 0) + 1);
    check(
      (trigger) =>
        (trigger.on === 'line' && trigger.number === seen.lines) ||
        (trigger.on === 'event' && (seen.types.get(trigger.type) ?? 0) >= trigger.nth),
    );
  });
  const wantsFiles = [...waiting].some(({ trigger }) => trigger.on === 'file' || trigger.on === 'moment');
  const moments = momentsOf(disturbances);
  const look = (): void => {
    const held = moments.filter((_, index) => existsSync(holdFile(call, index)));
    check(
      (trigger) =>
        (trigger.on === 'file' && isThere(call.world, trigger.what)) ||
        (trigger.on === 'moment' && held.includes(wordOf(trigger))),
    );
    for (const word of held) rmSync(holdFile(call, moments.indexOf(word)), { force: true });
  };
  const timer = wantsFiles ? setInterval(look, LOOK_EVERY_MS) : undefined;
  return () => clearInterval(timer);
}

const holdFile = ({ world, mark }: Watch['call'], index: number): string =>
  join(world.folder, `hold-${mark}-${String(index)}`);

const wordOf = ({ name, nth }: Extract<Trigger, { readonly on: 'moment' }>): string => `${name}#${String(nth)}`;

function momentsOf(disturbances: readonly Disturbance[]): string[] {
  return [...new Set(disturbances.flatMap(({ trigger }) => (trigger.on === 'moment' ? wordOf(trigger) : [])))];
}

/** The environment in which the hook stops at the moments for which something is planned. */
export function holding(call: Watch['call'], disturbances: readonly Disturbance[]): NodeJS.ProcessEnv {
  const moments = momentsOf(disturbances);
  if (moments.length === 0) return {};
  const preload = pathToFileURL(join(process.cwd(), 'test', 'fixtures-tools', 'die-at.mjs')).href;
  return {
    NODE_OPTIONS: `--import=${preload}`,
    HOLD_AT: moments.join(' '),
    HOLD_FILE: join(call.world.folder, `hold-${call.mark}`),
  };
}

function onLines(child: ChildProcess, each: (line: string) => void): void {
  let rest = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = `${rest}${chunk.toString('utf8')}`.split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(each);
  });
}

function isThere({ target, commonDir, gitDir }: World, what: FileTrigger): boolean {
  const runs = join(target, '.quality', 'runs');
  switch (what) {
    case 'lock':
      return (
        namesIn(commonDir === null ? join(target, '.quality', 'lock') : join(commonDir, 'quality', 'lock')).length > 0
      );
    case 'temp':
      return namesIn(target).some((name) => /^\.quality-.*\.tmp/.test(name));
    case 'ready':
      return namesIn(gitDir ?? target).some((name) => name.includes('.quality-'));
    case 'index-lock':
      return namesIn(gitDir ?? target).includes('index.lock');
    case 'mark':
      return namesIn(runs).some((run) => namesIn(join(runs, run)).includes('unproven.json'));
    case 'journal':
      return namesIn(runs).some((run) =>
        namesIn(join(runs, run, 'journal')).some((name) => name.endsWith('.open.jsonl')),
      );
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
