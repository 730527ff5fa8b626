/** Ends processes for good: whole groups, what has left its group, and what would be left if we were killed ourselves. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode } from './disk.js';

/** False when there is no such process or group any more. A negative pid is a group. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

const GONE_POLL_MS = 5;
/** Where nobody takes notice of orphans that have ended, they look alive for ever: not longer than this. */
const GONE_LIMIT_MS = 300;

/** Kills a group and waits until nothing of it can write any more. */
export async function killGroupAndWait(group: number): Promise<void> {
  if (!signalProcess(-group, 'SIGKILL')) return;
  for (let waited = 0; waited < GONE_LIMIT_MS && signalProcess(-group, 0); waited += GONE_POLL_MS)
    await pause(GONE_POLL_MS);
}

/** Children, their children and so on, also those that have left the group; [] where the system does not say. */
export function descendantsOf(pid: number): number[] {
  if (process.platform !== 'linux') return [];
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    const parent = parentOf(name);
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  for (let turn = [pid]; turn.length > 0; turn = turn.flatMap((one) => children.get(one) ?? []))
    found.push(...turn.flatMap((one) => children.get(one) ?? []));
  return found;
}

function parentOf(name: string): number | null {
  try {
    const line = readFileSync(`/proc/${name}/stat`, 'utf8');
    // The name, in brackets, may hold anything; state and parent follow it.
    return Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/**
 * Waits at the end of a pipe that only this process holds open. When that closes, however this process ended, it kills
 * the groups that were under way and, where there is /proc, whoever has left them: a tool in an endless loop, or a program
 * that goes on writing, cannot outlive a `kill -9`.
 */
const REAPER = `trap '' INT TERM HUP
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) case $groups in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac ;;
  esac
done
[ "$groups" = ' ' ] && exit
found=$groups
more=yes
while [ $more = yes ]; do
  more=no
  for stat in /proc/[0-9]*/stat; do
    { read -r line <"$stat"; } 2>/dev/null || continue
    pid=\${stat#/proc/} pid=\${pid%/stat} rest=\${line##*) } rest=\${rest#* } parent=\${rest%% *}
    case $found in *" $pid "*) continue ;; *" $parent "*) found="$found$pid " more=yes ;; esac
  done
done
for pid in $found; do kill -s KILL -- "-$pid"; kill -s KILL "$pid"; done 2>/dev/null
`;

const IDLE_MS = 2_000;

const reaper: { process: ChildProcess | null; guarded: number; idle: NodeJS.Timeout | undefined } = {
  process: null,
  guarded: 0,
  idle: undefined,
};

/** To be called before a program is started: were we killed while the reaper starts, the program would outlive us. */
export function prepareToDie(): void {
  if (process.platform === 'win32') return;
  clearTimeout(reaper.idle);
  reaper.process ??= startReaper();
}

/** From now until the returned function is called, the group dies with this process. */
export function dieWithUs(group: number | undefined): () => void {
  if (group === undefined || process.platform === 'win32') return () => undefined;
  clearTimeout(reaper.idle);
  const { stdin } = (reaper.process ??= startReaper());
  reaper.guarded += 1;
  stdin?.write(`+ ${String(group)}\n`);
  return () => {
    stdin?.write(`- ${String(group)}\n`);
    reaper.guarded -= 1;
    if (reaper.guarded === 0) reaper.idle = setTimeout(endReaper, IDLE_MS).unref();
  };
}

function startReaper(): ChildProcess {
  const child = spawn('/bin/sh', ['-c', REAPER], { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const forget = (): void => {
    if (reaper.process === child) reaper.process = null;
  };
  // Without a shell there is no reaper: what it guards is ended by ourselves as long as we live.
  child.on('error', forget);
  child.on('exit', forget);
  child.stdin.on('error', forget);
  child.unref();
  (child.stdin as unknown as { unref: () => void }).unref();
  return child;
}

function endReaper(): void {
  reaper.process?.stdin?.end();
  reaper.process = null;
}
