import { keepOwnCode } from '../host/compiled-code.js';
import { optimizeLater } from '../host/compiler.js';

void start();

async function start(): Promise<void> {
  optimizeLater();
  const compiled = keepOwnCode('worker');
  const { serve } = await import('./worker.js');
  serve(compiled);
}
