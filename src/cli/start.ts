/** What is called first: from here on compiled code is kept, so nothing but this is loaded before. */
// It begins to count when it is loaded.
import '../host/busy.js';
import { keepOwnCode } from '../host/own-code.js';
import { optimizeLater } from '../host/compiler.js';

export async function start(): Promise<void> {
  // First: code that was compiled under other flags is of no use.
  optimizeLater();
  const compiled = keepOwnCode('main');
  const { main } = await import('./main.js');
  await main();
  await compiled.keep();
}
