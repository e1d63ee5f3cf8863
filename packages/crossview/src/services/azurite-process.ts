import { createRequire } from 'node:module';

/**
 * The program of the Azurite child: Azurite's own, which ends with its parent. The channel to the parent breaks when the
 * parent ends, however it ends. Its arguments are Azurite's.
 */
process.once('disconnect', () => {
  // Azurite writes its index down on SIGTERM; if that takes too long the files are still consistent as of the last save.
  setTimeout(() => process.exit(0), 3_000).unref();
  process.kill(process.pid, 'SIGTERM');
});
// Once Azurite has closed, the channel alone must not keep this process.
process.channel?.unref();
// A terminal's Ctrl+C is for the parent to judge.
process.on('SIGINT', () => {});

createRequire(import.meta.url)('azurite/dist/src/blob/main.js');
