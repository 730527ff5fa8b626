/** A worker that takes 60 ms for each job, whatever it is about. */
process.on('message', (message) => {
  if (message.type !== 'job') return;
  const outcome = { files: [], diagnostics: [], log: `${process.pid}` };
  setTimeout(() => process.send({ type: 'outcome', job: message.job.id, outcome, memory: 1 }), 60);
});
process.on('disconnect', () => process.exit(0));
