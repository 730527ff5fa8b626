import { forgetHeapArguments, optimizeLater } from '../host/compiler.js';

void start();

/** The order is what counts: when Node's modules are loaded decides how long that takes (compiler.ts). */
async function start(): Promise<void> {
  forgetHeapArguments();
  const { loadEsLoader } = await import('../host/node-for-worker.js');
  await loadEsLoader();
  const { keepOwnCode } = await import('../host/own-code.js');
  optimizeLater();
  const compiled = keepOwnCode('worker');
  const { serve } = await import('./worker.js');
  serve(compiled);
}
