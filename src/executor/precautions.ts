/** What is looked at before anything is written. */
import { freeDiskBytes } from '../host/disk.js';
import { memoryOf } from '../host/machine.js';
import type { Failure } from '../model/failure.js';
import type { Plan } from '../model/plan.js';
import { conflictMarkers, gitOperationInProgress, unmergedPaths } from '../workspace/git-state.js';
import type { Workspace } from '../workspace/workspace.js';

const MEBIBYTE = 1024 ** 2;
/** Room that is left to others whatever we need ourselves. */
export const DISK_FLOOR = 64 * MEBIBYTE;
export const MEMORY_FLOOR = 128 * MEBIBYTE;
/** A snapshot, the journal and the blobs of before and after: each at most the size of the files. */
const COPIES = 3;

export interface Looked {
  readonly name: string;
  readonly detail: string;
}

/** The first thing that speaks against starting, or what was found to be in order. */
export async function takePrecautions(plan: Plan, workspace: Workspace): Promise<Failure | readonly Looked[]> {
  const looked: Looked[] = [];
  for (const { name } of plan.precautions) {
    const result = await LOOKS[name]?.({ plan, workspace });
    if (result === undefined) continue;
    if (typeof result !== 'string') return result;
    looked.push({ name, detail: result });
  }
  return looked;
}

interface Target {
  readonly plan: Plan;
  readonly workspace: Workspace;
}

const LOOKS: Readonly<Record<string, (target: Target) => Promise<Failure | string> | Failure | string>> = {
  'git-state': lookAtGit,
  disk: lookAtDisk,
  memory: lookAtMemory,
};

async function lookAtGit({ workspace }: Target): Promise<Failure | string> {
  if (workspace.repository === null) return 'no git repository';
  const operation = await gitOperationInProgress(workspace.repository);
  if (operation !== null) return { kind: 'git-state', message: `A ${operation} is in progress in this repository` };
  const unmerged = await unmergedPaths(workspace);
  if (!unmerged.ok) return unmerged.failure;
  if (unmerged.value.length > 0) return inTheWay('files have unresolved conflicts', unmerged.value);
  const markers = await conflictMarkers(workspace);
  if (!markers.ok) return markers.failure;
  if (markers.value.length === 0) return 'nothing in progress, no conflicts';
  return inTheWay(
    'conflict markers stand in files',
    markers.value.map(({ path, line }) => `${path}:${String(line)}`),
  );
}

function inTheWay(what: string, places: readonly string[]): Failure {
  return { kind: 'git-state', message: `${String(places.length)} ${what}`, detail: places.slice(0, 10).join('\n') };
}

async function lookAtDisk({ plan, workspace }: Target): Promise<Failure | string> {
  const needed = plan.files.bytes * COPIES + DISK_FLOOR;
  const free = await freeDiskBytes(workspace.root);
  if (free >= needed) return `${mebibytes(free)} free`;
  return { kind: 'disk-low', message: `${mebibytes(free)} free where the target is, ${mebibytes(needed)} needed` };
}

function lookAtMemory(): Failure | string {
  const { availableMemory } = memoryOf();
  if (availableMemory >= MEMORY_FLOOR) return `${mebibytes(availableMemory)} available`;
  return {
    kind: 'memory-low',
    message: `${mebibytes(availableMemory)} of memory available, ${mebibytes(MEMORY_FLOOR)} needed`,
  };
}

function mebibytes(bytes: number): string {
  return `${String(Math.floor(bytes / MEBIBYTE))} MiB`;
}
