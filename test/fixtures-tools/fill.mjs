// Fills the disk that the file is on.
import { closeSync, openSync, writeSync } from 'node:fs';

const handle = openSync(process.argv[2], 'w');
for (let size = 1 << 20; size >= 1;) {
  try {
    writeSync(handle, Buffer.alloc(size));
  } catch {
    size >>= 1;
  }
}
closeSync(handle);
