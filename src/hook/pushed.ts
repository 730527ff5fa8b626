/** `pre-push`: of each commit that is pushed, the files that the other side does not have so are verified, as they are in it. */
import { git, gitOutput } from '../git/git.js';
import { readBlobs } from '../git/objects.js';
import { isOnDisk } from '../git/on-disk.js';
import { placeOf } from '../git/place.js';
import { type StagedFile, readChanges } from '../git/staged.js';
import { isWithin, join, relativeTo } from '../host/paths.js';
import { withTemporaryFolder } from '../host/temporary-folder.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';
import { type Answer, type Answered, type Asked, files } from './asked.js';
import { type Pushed, fixesOfPushed } from './fixes.js';
import { lookAtContents } from './look.js';
import { usualRequest } from './wishes.js';
import { checkProject, checkProjectHere } from './project-checks.js';

interface Push {
  readonly commit: string;
  /** Its files are compared with this commit's, or tree's. */
  readonly base: string;
}

export async function runPushed(asked: Asked): Promise<Answered> {
  const pushes = await pushesOf(asked);
  if (pushes === null) return failed([UNKNOWN]);
  const answers: Answer[] = [];
  for (const push of pushes) {
    const answer = await lookAtPush(asked, push);
    if (!answer.ok) return answer;
    answers.push(answer.value);
  }
  const [worst = NOTHING] = [...answers].sort((a, b) => b.exitCode - a.exitCode);
  const fixes = [...new Set(answers.flatMap((answer) => answer.fixes))];
  return success({ ...worst, reports: answers.flatMap(({ reports }) => reports), fixes });
}

const NOTHING: Answer = {
  kind: 'nothing',
  exitCode: 0,
  what: 'nothing is pushed that could be looked at',
  fixed: [],
  leftAlone: [],
  reports: [],
  fixes: [],
};

const UNKNOWN: Failure = {
  kind: 'tool-crashed',
  tool: 'git',
  message: 'git does not tell what is pushed, so that nothing of it could be looked at',
};

const DELETED = /^0+$/;

/** Of lines of `<local ref> <commit> <remote ref> <commit>`; null where git fails. */
async function pushesOf({ request, target: { root } }: Asked): Promise<readonly Push[] | null> {
  const [remote = process.env.PRE_COMMIT_REMOTE_NAME ?? ''] = request.args;
  const pushes = new Map<string, Push>();
  for (const line of (await request.stdin()).split('\n').concat(toldOtherwise())) {
    const [, local = '', , theirs = ''] = line.split(' ');
    if (local === '' || DELETED.test(local)) continue;
    const commit = await pushedCommit(root, local);
    if (commit === null) return null;
    if (commit === '') continue;
    const base = await baseOf(root, commit, { theirs, remote });
    if (base === null) return null;
    pushes.set(`${commit} ${base}`, { commit, base });
  }
  return [...pushes.values()];
}

/** Empty where a tag names another thing than a commit; null where git does not tell. */
async function pushedCommit(root: string, local: string): Promise<string | null> {
  const object = await lineOf(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${local}^{}`]);
  const kind = object === null ? null : await lineOf(root, ['cat-file', '-t', object]);
  if (kind === null) return null;
  return kind === 'commit' ? object : '';
}

/** Programs that start hooks and read their input themselves say in the environment what it was. */
function toldOtherwise(): readonly string[] {
  const { PRE_COMMIT_TO_REF: to, PRE_COMMIT_FROM_REF: from = '', HUSKY_GIT_STDIN: lines = '' } = process.env;
  return [...lines.split('\n'), ...(to === undefined ? [] : [`- ${to} - ${from}`])];
}

/** What the other side has of it: in that branch, else in any of its branches as we know them; else nothing. */
async function baseOf(
  root: string,
  commit: string,
  { theirs, remote }: { readonly theirs: string; readonly remote: string },
): Promise<string | null> {
  const known = DELETED.test(theirs) ? null : await commitOf(root, theirs);
  const direct = known === null ? null : await lineOf(root, ['merge-base', commit, known]);
  if (direct !== null) return direct;
  const listed = await lineOf(root, ['rev-list', '--boundary', commit, '--not', `--remotes=${remote}`]);
  // They have all of it.
  if (listed === '') return commit;
  const boundary = (listed ?? '').split('\n').flatMap((line) => (line.startsWith('-') ? line.slice(1) : []));
  const base = boundary.length === 0 ? null : await lineOf(root, ['merge-base', '--octopus', commit, ...boundary]);
  return base ?? lineOf(root, ['hash-object', '-t', 'tree', '--stdin']);
}

function commitOf(root: string, name: string): Promise<string | null> {
  return lineOf(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
}

async function lineOf(root: string, args: readonly string[]): Promise<string | null> {
  const result = await git(root, args, { input: '' });
  return result.exitCode === 0 ? result.stdout.toString('utf8').trim() : null;
}

async function lookAtPush(asked: Asked, push: Push): Promise<Answered> {
  const contents = await contentsOf(asked, push);
  if (!contents.ok) return failed([contents.failure]);
  if (contents.value.size === 0) return success(NOTHING);
  const isHere = await standsOnDisk(asked, push);
  const look = await lookAtContents(
    {
      ...usualRequest(asked),
      workflow: asked.request.workflow ?? 'pre-push',
      mode: 'check',
      grain: 'file',
      contents: contents.value,
    },
    asked,
  );
  if (!look.ok) return look;
  const project = isHere ? await checkProjectHere(look.value) : await checkCommit(asked, push, look.value);
  if (!project.ok) return project;
  const runs = [look.value.run, ...(project.value === null ? [] : [project.value])];
  const exitCode = Math.max(...runs.map((run) => run.exitCode));
  const reports = runs.map(({ report }) => report);
  return success({
    ...NOTHING,
    kind: exitCode === 0 ? 'passed' : 'blocked',
    exitCode,
    what: files(contents.value.size, 'pushed'),
    reports,
    fixes: exitCode === 0 ? [] : fixesOfPushed(asked.request, reports, await sinceOf(asked, push)),
  });
}

/** By workspace path. */
async function contentsOf({ target }: Asked, { commit, base }: Push): Promise<Result<ReadonlyMap<string, Buffer>>> {
  const { root, repository } = target;
  const place = placeOf(root, repository);
  const changed = await readChanges(place, base, commit);
  if (!changed.ok) return changed;
  const isOurs = ({ path, index, isUnnameable }: StagedFile): boolean =>
    index.mode.startsWith('100') && !isUnnameable && isWithin(repository.prefix, path);
  const ours = changed.value.filter(isOurs);
  const blobs = await readBlobs(
    place,
    ours.map(({ index }) => index.oid),
  );
  if (!blobs.ok) return blobs;
  const empty = Buffer.alloc(0);
  return success(
    new Map(ours.map(({ path, index }) => [relativeTo(repository.prefix, path), blobs.value.get(index.oid) ?? empty])),
  );
}

async function sinceOf({ target: { root } }: Asked, { commit, base }: Push): Promise<Pushed> {
  const since = await lineOf(root, ['rev-parse', '--verify', '--quiet', '--short', `${base}^{commit}`]);
  return { since, isElsewhere: (await commitOf(root, 'HEAD')) !== commit };
}

/** Is what is pushed checked out here, and nothing changed? Then everything can be looked at in its place. */
async function standsOnDisk({ target: { root, repository } }: Asked, { commit }: Push): Promise<boolean> {
  if ((await commitOf(root, 'HEAD')) !== commit) return false;
  const isStaged = (await lineOf(root, ['diff-index', '--cached', '--quiet', commit, '--'])) === null;
  return !isStaged && (await isOnDisk(placeOf(root, repository)));
}

async function checkCommit(
  asked: Asked,
  { commit }: Push,
  look: Parameters<typeof checkProject>[0],
): ReturnType<typeof checkProject> {
  return withTemporaryFolder('pushed', async (folder): ReturnType<typeof checkProject> => {
    const index = join(folder, 'index');
    const read = await gitOutput(asked.target.root, ['read-tree', commit], { env: { GIT_INDEX_FILE: index } });
    return read.ok ? checkProject(look, index) : failed<readonly Failure[]>([read.failure]);
  });
}
