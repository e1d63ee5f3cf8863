import { readFileSync } from 'node:fs';
import { CrossviewError } from '@crossview/contracts';
import type { ConnectionInfo } from '@crossview/jupyter-wire';
import { z } from 'zod/mini';

const port = z.int().check(z.minimum(1), z.maximum(65_535));

/** "Connection files" of the messaging specification; what else stands there is for others. */
const connectionFile = z.object({
  transport: z.enum(['tcp', 'ipc']),
  ip: z.string(),
  shell_port: port,
  iopub_port: port,
  stdin_port: port,
  control_port: port,
  hb_port: port,
  signature_scheme: z.string(),
  key: z.string(),
});

/** @throws CrossviewError `CONNECTION_FILE_INVALID` naming what is wrong in the file. */
export function readConnectionFile(path: string): ConnectionInfo {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new CrossviewError('CONNECTION_FILE_INVALID', `the connection file ${path} cannot be read as JSON`, {
      hint: 'Jupyter writes this file when it starts a kernel.',
      facts: { path },
      cause,
    });
  }
  const checked = connectionFile.safeParse(value);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new CrossviewError('CONNECTION_FILE_INVALID', `the connection file ${path} is not usable`, {
    hint: problems.join('\n'),
    facts: { path, problems: problems.length },
  });
}
