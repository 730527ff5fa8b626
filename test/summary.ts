import type { Reporter, TestModule } from 'vitest/node';

/** One last line that any CI can read: `12 passed, 0 failed, 1 skipped`. */
export default class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) for (const test of module.children.allTests()) counts[test.result().state] += 1;
    const broken = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0).length;
    const line = `${counts.passed} passed, ${counts.failed + broken} failed, ${counts.skipped + counts.pending} skipped`;
    // After the default reporter, which prints its own summary at the same event.
    process.once('beforeExit', () => console.log(line));
  }
}
