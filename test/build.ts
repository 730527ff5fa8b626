import { execFileSync } from 'node:child_process';

/** The tests use the command as it is shipped: built from the sources as they are now. */
export default function build(): void {
  execFileSync(process.execPath, ['build.mjs', '--fast'], { stdio: 'inherit' });
}
