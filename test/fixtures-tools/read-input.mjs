// Waits for the end of its input before it says that all is well.
for await (const chunk of process.stdin) process.stderr.write(chunk);
