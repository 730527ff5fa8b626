/** What tools, and what loads them, ask Node for: loaded before the compiler is told anything (compiler.ts). */
import 'node:assert';
import 'node:child_process';
import 'node:fs/promises';
import 'node:os';
import 'node:perf_hooks';
import 'node:timers/promises';
import 'node:tty';
import 'node:worker_threads';

/** Node's loader of ES modules: nearly every tool, or its configuration, is one. */
export async function loadEsLoader(): Promise<void> {
  await import('node:process');
}
