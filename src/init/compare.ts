/** What a config would change in what runs: nothing, unless a line of it says so. */
import { stepsOf, type Plan } from '../model/plan.js';

/** For people: "tsc: 12 files more". Commands of the config itself are left out. */
export function changesBetween(before: Plan, after: Plan): readonly string[] {
  const [old, now] = [filesByTool(before), filesByTool(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((tool) => {
    const [had, has] = [old.get(tool) ?? NONE, now.get(tool) ?? NONE];
    const more = [...has].filter((path) => !had.has(path)).length;
    const fewer = [...had].filter((path) => !has.has(path)).length;
    return more === 0 && fewer === 0 ? [] : [`${tool}: ${String(more)} files more, ${String(fewer)} fewer`];
  });
}

const NONE: ReadonlySet<string> = new Set();

function filesByTool(plan: Plan): ReadonlyMap<string, ReadonlySet<string>> {
  const files = new Map<string, Set<string>>();
  for (const { command, tasks } of stepsOf(plan))
    for (const { links, files: paths, check } of tasks)
      for (const { id, origin } of links.flat()) {
        if (origin === 'config') continue;
        const key = `${command}${check === undefined ? '' : ` ${check}`} ${id}`;
        const known = files.get(key) ?? new Set();
        for (const path of paths) known.add(path);
        files.set(key, known);
      }
  return files;
}
