import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';
import { basename } from 'node:path';
import type { NotebookEnvironment } from '@crossview/notebook-utils';
import { knownLakehouses } from '../config/lakehouses.js';
import type { Profile } from '../config/load-config.js';
import type { Workspace } from '../config/workspace.js';

function user(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? 'user';
  }
}

/** What a notebook may ask about where it runs. Ids are stable for the same user and workspace. */
export function notebookEnvironment(profile: Profile, workspace: Workspace, sessionId: string): NotebookEnvironment {
  const userName = user();
  const hash = createHash('sha256').update(userName).digest('hex');
  const { lakehouse, lakehouses: own } = workspace;
  return {
    userName,
    userId: [8, 4, 4, 4, 12].map((length, at) => hash.slice(at * 5, at * 5 + length)).join('-'),
    jobId: sessionId,
    workspaceName: basename(workspace.root),
    poolName: profile.name,
    clusterId: sessionId,
    notebookName: basename(process.env.CROSSVIEW_NOTEBOOK ?? process.env.JPY_SESSION_NAME ?? '').replace(/\.\w+$/, ''),
    workspace: workspace.root,
    lakehouse: lakehouse?.folder ?? '',
    lakehouseName: lakehouse?.name ?? '',
    lakehouses: profile.kind === 'local' ? knownLakehouses(profile, { root: workspace.root, own }, lakehouse) : {},
    ownLakehouses: profile.kind === 'local' ? own : '',
    variables: profile.variables,
  };
}
