/** Ends the programs that are under way when this process is killed itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Family } from './process-family.js';

/**
 * Waits at the end of a pipe that only this process holds open. When that closes, however this process ended, it kills
 * the families that were under way, as `killFamily` does: a tool in an endless loop, or a program that goes on writing,
 * cannot outlive a `kill -9`.
 */
const REAPER = `trap '' INT TERM HUP
families=' '
while read -r sign family; do
  case $sign in
    +) families="$families$family " ;;
    -) case $families in *" $family "*) families="\${families%% $family *} \${families#* $family }" ;; esac ;;
  esac
done
[ "$families" = ' ' ] && exit
groups=' '
marks=
for family in $families; do
  groups="$groups\${family%:*} "
  marks="$marks -e \${family#*:}"
done
found=' '
more=yes
halt() {
  case $found in *" $1 "*) return ;; esac
  found="$found$1 "
  more=yes
  kill -s STOP "$1"
}
while [ $more = yes ]; do
  more=no
  for stat in /proc/[0-9]*/stat; do
    { read -r line <"$stat"; } 2>/dev/null || continue
    pid=\${stat#/proc/} pid=\${pid%/stat} rest=\${line##*) }
    case $rest in Z*) continue ;; esac
    rest=\${rest#* } parent=\${rest%% *} rest=\${rest#* } group=\${rest%% *}
    case $found in *" $parent "*) halt "$pid" ;; esac
    case $groups in *" $group "*) halt "$pid" ;; esac
  done
  for environ in $(grep -lsF $marks /proc/[0-9]*/environ); do
    pid=\${environ#/proc/} pid=\${pid%/environ}
    case $pid in self|thread-self|$$) ;; *) halt "$pid" ;; esac
  done
done 2>/dev/null
for group in $groups; do kill -s KILL -- "-$group"; done 2>/dev/null
for pid in $found; do kill -s KILL "$pid"; done 2>/dev/null
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

/** From now until the returned function is called, the family dies with this process. */
export function dieWithUs({ leader, isGroup, mark }: Family): () => void {
  if (leader === undefined || !isGroup) return () => undefined;
  clearTimeout(reaper.idle);
  const { stdin } = (reaper.process ??= startReaper());
  reaper.guarded += 1;
  stdin?.write(`+ ${String(leader)}:${mark}\n`);
  return () => {
    stdin?.write(`- ${String(leader)}:${mark}\n`);
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
