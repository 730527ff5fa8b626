/** What every command asks Node for: loaded before the compiler is told anything (compiler.ts). */
import 'node:child_process';
import 'node:fs/promises';
import 'node:os';
import 'node:timers/promises';
