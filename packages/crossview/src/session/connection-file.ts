import { readFileSync } from 'node:fs';
import { CrossviewError } from '@crossview/contracts';
import type { ConnectionInfo } from '@crossview/jupyter-wire';

const isPort = (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535;
const isText = (value: unknown) => typeof value === 'string';
const port = { what: 'a port, 1 to 65535', holds: isPort };
const text = { what: 'a text', holds: isText };

/**
 * "Connection files" of the messaging specification; what else stands there is for others. Checked by hand: a library for
 * checking takes longer to load than a kernel should take to answer.
 */
const fields: Readonly<Record<string, { what: string; holds: (value: unknown) => boolean }>> = {
  transport: { what: 'tcp or ipc', holds: (value) => value === 'tcp' || value === 'ipc' },
  ip: text,
  shell_port: port,
  iopub_port: port,
  stdin_port: port,
  control_port: port,
  hb_port: port,
  signature_scheme: text,
  key: text,
};

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
  const found = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  const problems = Object.entries(fields).flatMap(([name, { what, holds }]) =>
    holds(found[name]) ? [] : [`${name}: it is not ${what}`],
  );
  if (problems.length === 0)
    return Object.fromEntries(Object.keys(fields).map((name) => [name, found[name]])) as unknown as ConnectionInfo;
  throw new CrossviewError('CONNECTION_FILE_INVALID', `the connection file ${path} is not usable`, {
    hint: problems.join('\n'),
    facts: { path, problems: problems.length },
  });
}
