// Serves a connection file with a kernel on real Spark, for clients that start kernels themselves:
// node --import tsx kernel-main.ts CONNECTION_FILE LANGUAGE
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionInfo } from '@crossview/jupyter-wire';
import { startKernel } from '@crossview/kernel';
import { createSqlClient } from '@crossview/synapse';
import { createViewCatalog } from '@crossview/temp-views';
import { refusedPools } from './kernel-session.js';
import { testPool } from './pool.js';
import { poolsOf } from './pool-directory.js';
import { newSpark, sparkToolchain } from './spark.js';

const [connectionFile = '', language = 'python'] = process.argv.slice(2);
const { session, host, directories } = await newSpark();
mkdirSync(join(directories.root, 'tmp'), { recursive: true });
// What is measured here is how requests are answered; the start of Spark has tests of its own.
if (language !== 'python') await host.start();
const views = createViewCatalog({ spark: host, directories, session });
const kernel = await startKernel({
  connection: JSON.parse(readFileSync(connectionFile, 'utf8')) as ConnectionInfo,
  defaultLanguage: language,
  openSession: async () => ({
    context: {
      ...refusedPools,
      sql: createSqlClient(),
      pools: poolsOf(testPool, undefined, null),
      spark: host,
      views,
      session,
      directories,
      toolchain: sparkToolchain,
      workingDirectory: directories.root,
    },
  }),
});
await kernel.closed;
await views.close();
await host.close();
await session.close();
process.exit(0);
