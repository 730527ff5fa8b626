/** The lines of the config that say what the project does already. */
import picomatch from 'picomatch';
import { CHECKS } from '../config/units.js';
import { exists } from '../host/disk.js';
import { isWithin, join, relativeTo } from '../host/paths.js';
import type { JsonValue } from '../model/json.js';
import { commandSetting } from './own-command.js';
import { type Project, rolesOf } from './project.js';
import type { Setting } from './setting.js';
import type { TakenOver } from './take-over.js';

const SCHEMA = 'node_modules/quality-orchestrator/quality-config.schema.json';

export async function schemaSetting({ prepared, view }: Project): Promise<Setting | null> {
  const isThere = await exists(join(prepared.root, SCHEMA));
  if (!isThere && (!view.hasFile('package.json') || (await exists(join(prepared.root, '.pnp.cjs'))))) return null;
  return { path: ['$schema'], value: `./${SCHEMA}`, reason: 'Editors complete and check this file by it.' };
}

export function checksSetting({ prepared, tasks }: Project): Setting | null {
  const used = new Map<string, Set<string>>();
  const note = (check: string, tool: string): unknown => used.set(check, (used.get(check) ?? new Set()).add(tool));
  for (const { check, links } of tasks) if (check !== undefined) for (const { tool } of links.flat()) note(check, tool);
  for (const { tool, wanted } of prepared.plan.skips)
    if (wanted) for (const role of checkedRoles(tool)) note(role, tool);
  const checks = CHECKS.filter((check) => used.has(check));
  if (checks.length === 0) return null;
  const words = checks.map((check) => `${check} (${[...(used.get(check) ?? [])].join(', ')})`);
  return { path: ['verify', 'checks'], value: checks, reason: `What the project checks: ${words.join(', ')}.` };
}

/** A linter that fixes is no formatter to check by. */
function checkedRoles(tool: string): readonly string[] {
  const roles = rolesOf(tool);
  return roles[0] === 'lint' ? ['lint'] : roles;
}

/** Formatters whose order in a lint-staged list is another than the usual one, by language. */
export function formatterSettings(project: Project, lines: readonly TakenOver[]): readonly Setting[] {
  const settings = new Map<string, Setting>();
  for (const [list, tools] of listsOf(lines)) {
    for (const [language, links] of chainsBelow(project, list)) {
      const wished = links.filter((tool) => tools.includes(tool));
      const order = [...wished].sort((a, b) => tools.indexOf(a) - tools.indexOf(b));
      if (order.join() === wished.join() || settings.has(language)) continue;
      const value = [...order, ...links.filter((tool) => !tools.includes(tool))];
      const reason = `${list.from} has them in this order for ${list.glob}.`;
      settings.set(language, { path: ['formatters', language], value, reason });
    }
  }
  return [...settings.values()];
}

interface List {
  readonly from: string;
  readonly dir: string;
  readonly glob: string;
}

/** What each glob of each list starts, in order. */
function listsOf(lines: readonly TakenOver[]): readonly (readonly [List, readonly string[]])[] {
  const lists = new Map<string, [List, string[]]>();
  for (const { from, dir, glob, meaning } of lines) {
    if (glob === undefined || meaning.kind !== 'tools') continue;
    const key = JSON.stringify([from, dir, glob]);
    const list = lists.get(key) ?? [{ from, dir, glob }, []];
    list[1].push(...meaning.tools);
    lists.set(key, list);
  }
  return [...lists.values()];
}

/** The chain of each language that the glob has files of, as it is without a config. */
function chainsBelow({ prepared, tasks }: Project, { dir, glob }: List): ReadonlyMap<string, readonly string[]> {
  const isMatch = picomatch(glob.replace(/^\.\//, ''), {
    dot: true,
    ...(glob.includes('/') ? {} : { matchBase: true }),
  });
  const languages = new Map(prepared.workspace.files.map(({ path, language }) => [path, language]));
  const chains = new Map<string, readonly string[]>();
  for (const { action, check, links, files } of tasks) {
    if (action !== 'transform' || check !== undefined || links.length < 2) continue;
    for (const path of files) {
      const language = languages.get(path) ?? null;
      if (language === null || chains.has(language) || !isWithin(dir, path)) continue;
      if (isMatch(relativeTo(dir, path)))
        chains.set(
          language,
          links.map(([use]) => use?.tool ?? ''),
        );
    }
  }
  return chains;
}

/** What only programs of the project can do at a commit. */
export function commandSettings(lines: readonly TakenOver[]): readonly Setting[] {
  return lines.flatMap((line) => (line.meaning.kind === 'own' ? commandSetting(line.meaning.command, line) : []));
}

/** Where a commit waits for more than formatters and linters today. */
export function stagedSetting(lines: readonly TakenOver[], isTested: boolean): Setting | null {
  const atCommit = lines.filter((line) => line.atCommit);
  const typed = atCommit.filter(({ meaning }) => meaning.kind === 'tools' && meaning.types);
  const tested = atCommit.filter(({ meaning }) => meaning.kind === 'tests');
  const own = atCommit.flatMap(({ meaning }) => (meaning.kind === 'own' ? meaning.command.name : []));
  const more = atCommit.filter((line) => typed.includes(line) || tested.includes(line) || line.meaning.kind === 'own');
  if (more.length === 0) return null;
  const options: Record<string, JsonValue> = { checks: typed.length > 0 ? ['lint', 'types'] : ['lint'] };
  if (isTested && tested.length === 0) options.tests = [];
  return {
    path: ['workflows', 'staged'],
    value: { steps: ['format', 'cleanup', ...own, { command: 'verify', options }] },
    reason: `A commit waits for more than formatters and linters: ${more.map(({ from, name }) => `${from}: ${name}`).join(', ')}.`,
  };
}
