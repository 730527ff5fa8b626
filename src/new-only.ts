/**
 * `--new-only --since REF`: what the merge base of REF and HEAD had, as the same plan finds it there, is known; what HEAD
 * and the work tree have besides is new, wherever it is. All of both is looked at: a change in one file may cause a
 * finding in another.
 */
import { type Base, entriesFor, pendingEdits } from './baseline.js';
import { absolutePath } from './host/paths.js';
import type { Config } from './config/schema.js';
import { exists, makeFolder, symlink } from './host/disk.js';
import { canBeKnown } from './model/baseline.js';
import type { Failure } from './model/failure.js';
import { type Result, failed, success } from './model/result.js';
import { type BaseLook, findKeptBase, keepBase } from './new-only-kept.js';
import { type Request, openTarget } from './open.js';
import { type Hooks, type RunResult, runOpened } from './quality.js';
import { answersFolder, cacheFolder, prepareStateFolder } from './runs/run-folder.js';
import type { Target } from './target.js';
import { type Checkout, withCheckout } from './workspace/checkout.js';
import { mergeBaseWith, noRevision } from './workspace/merge-base.js';

type Of<T> = Promise<Result<T, readonly Failure[]>>;

export async function runNewOnly(request: Request, hooks: Hooks, target: Target): Of<RunResult> {
  const asked = await commitOfBase(request, target);
  if (!asked.ok) return failed([asked.failure]);
  const opened = await openTarget(request, target);
  if (!opened.ok) return opened;
  const { ref, commit, isExact } = asked.value;
  const name = `${ref} (${commit.slice(0, 10)})`;
  if (!isExact)
    hooks.onNotice?.(`This clone is too shallow to tell where HEAD and ${ref} parted: compared with ${name} itself`);
  const look: BaseLook = { opened: opened.value, request, commit };
  const base = await findingsOfBase({ ...look, ref, name }, hooks);
  return base.ok ? runOpened(request, hooks, { opened: opened.value, tree: null, base: base.value }) : base;
}

interface Asked {
  readonly ref: string;
  readonly commit: string;
  readonly isExact: boolean;
}

async function commitOfBase({ since }: Request, { root, repository }: Target): Promise<Result<Asked>> {
  if (repository === null)
    return failed({
      kind: 'usage',
      message: '`--new-only` needs a git repository',
      next: `Run \`git init\` in ${root}.`,
    });
  if (since === undefined) return failed(await noRevision(root));
  const base = await mergeBaseWith(root, since);
  return base.ok ? success({ ref: since, ...base.value }) : base;
}

interface Wanted extends BaseLook {
  readonly ref: string;
  /** For people. */
  readonly name: string;
}

async function findingsOfBase(wanted: Wanted, hooks: Hooks): Of<Base> {
  const { ref, commit, opened, request, name } = wanted;
  const kept = request.cache === false ? null : await findKeptBase(wanted);
  if (kept !== null) return success({ ref, commit, entries: kept });
  if (opened.repository === null) throw new Error('A commit without a repository');
  hooks.onNotice?.(`Looking at ${name} first, to tell what is new`);
  return withCheckout(opened.repository, commit, async (checkout) => lookAtBase(wanted, checkout, hooks));
}

/** A folder that is not there yet has nothing. */
async function lookAtBase(wanted: Wanted, checkout: Checkout, hooks: Hooks): Of<Base> {
  const { ref, commit, opened, request, name } = wanted;
  const root = absolutePath(checkout.folder, opened.repository?.prefix ?? '');
  if (!(await exists(root))) return success({ ref, commit, entries: [] });
  await shareAnswers(opened.root, root);
  const result = await runOpened(wishesFor(root, request), quiet(hooks), {
    opened: { ...opened, root, repository: null, config: withoutTests(opened.config) },
    tree: null,
  });
  if (!result.ok) return failed(result.failure.map((failure) => ({ ...failure, detail: atBase(failure, name) })));
  const { report, basis } = result.value;
  if (report.status === 'interrupted')
    return failed([{ kind: 'interrupted', message: 'Stopped; nothing was written' }]);
  const found = [...report.findings, ...report.known, ...report.changes.flatMap(pendingEdits)];
  const entries = entriesFor(found.filter(canBeKnown), root);
  const unable = [...report.failures, ...found.filter((finding) => !canBeKnown(finding))];
  for (const message of new Set(unable.map((one) => one.message)))
    hooks.onNotice?.(`In ${name}: ${message}. What would have been found there counts as new`);
  if (unable.length === 0 && basis !== null && request.cache !== false)
    await keepBase(wanted, { entries, basis, root, lent: checkout.lent });
  return success({ ref, commit, entries });
}

/** Answers hang on contents, not on places: what has not changed since is asked about once. */
async function shareAnswers(from: string, to: string): Promise<void> {
  await prepareStateFolder(to);
  await Promise.all([answersFolder(from), cacheFolder(to)].map(makeFolder));
  await symlink(answersFolder(from), answersFolder(to));
}

function atBase({ detail }: Failure, name: string): string {
  return [detail, `while looking at ${name}`].filter((line) => line !== undefined).join('\n');
}

const OF_HEAD: ReadonlySet<string> = new Set<keyof Request>(['paths', 'since', 'newOnly', 'explainCache']);

/** The same plan, for all of it. */
function wishesFor(root: string, request: Request): Request {
  const wishes = Object.entries(request).filter(([wish]) => !OF_HEAD.has(wish));
  return { ...Object.fromEntries(wishes), cwd: root, mode: 'check', snapshot: false };
}

/** That something fails among them says too little to be known again. */
function withoutTests(config: Config): Config {
  const workflows = Object.entries(config.workflows).map(([name, workflow]) => {
    const steps = workflow.steps.map((step) =>
      typeof step === 'string' || step.options?.tests === undefined
        ? step
        : { ...step, options: { ...step.options, tests: [] } },
    );
    return [name, { ...workflow, steps }] as const;
  });
  return { ...config, verify: { ...config.verify, tests: [] }, workflows: Object.fromEntries(workflows) };
}

/** It is a means, not what was asked for. */
function quiet({ onNotice, signal }: Hooks): Hooks {
  return { ...(onNotice === undefined ? {} : { onNotice }), ...(signal === undefined ? {} : { signal }) };
}
