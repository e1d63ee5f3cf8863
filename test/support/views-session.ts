import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArrowParts, SessionDirectories, SessionServer, ViewCatalog, ViewHolder } from '@crossview/contracts';
import { startSessionServer } from '@crossview/session-rpc';
import { createViewCatalog } from '@crossview/temp-views';
import { type Table, tableToIPC } from 'apache-arrow';
import { temporaryDirectory } from './paths.js';

export interface ViewsSession {
  readonly session: SessionServer;
  readonly directories: SessionDirectories;
  readonly views: ViewCatalog;
  close(): Promise<void>;
}

/** A session that has views and nothing else, over a holder that stands for Spark. */
export async function startViewsSession(
  spark: ViewHolder,
  options: { memoryLimitBytes?: number; graceMilliseconds?: number } = {},
): Promise<ViewsSession> {
  const root = temporaryDirectory('views');
  const arrow = join(root, 'arrow');
  mkdirSync(arrow, { mode: 0o700 });
  const directories = { id: 'test', root, arrow };
  const session = await startSessionServer();
  const views = createViewCatalog({ spark, directories, session, ...options });
  return {
    session,
    directories,
    views,
    async close() {
      await views.close();
      await session.close();
    },
  };
}

/** Writes tables as the parts of one view. */
export function writeParts(directory: string, ...tables: Table[]): ArrowParts {
  const parts = tables.map((table, index) => {
    const path = join(directory, `part-${index}.arrows`);
    writeFileSync(path, tableToIPC(table, 'stream'), { mode: 0o600 });
    return path;
  });
  return { parts, rows: tables.reduce((sum, table) => sum + table.numRows, 0), bytes: 0, totalRows: undefined };
}
