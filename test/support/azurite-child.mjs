// Azurite's own program, which ends with the test process that started it, however that one ends.
import { createRequire } from 'node:module';

process.once('disconnect', () => process.exit());
process.channel?.unref();
createRequire(import.meta.url)('azurite/dist/src/blob/main.js');
