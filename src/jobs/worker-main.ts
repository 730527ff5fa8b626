import { forgetHeapArguments, optimizeLater } from '../host/compiler.js';

/** What tools ask Node for, mostly. */
const FOR_TOOLS = ['node:assert', 'node:perf_hooks', 'node:tty', 'node:worker_threads'];

void start();

/** The order is what counts: when Node's modules are loaded decides how long that takes (compiler.ts). */
async function start(): Promise<void> {
  forgetHeapArguments();
  const { keepOwnCode } = await import('../host/own-code.js');
  // Node's loader of ES modules: nearly every tool, or its configuration, is one.
  await import('node:process');
  optimizeLater(FOR_TOOLS);
  const compiled = keepOwnCode('worker');
  const { serve } = await import('./worker.js');
  serve(compiled);
}
