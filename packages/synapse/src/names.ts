import { randomBytes } from 'node:crypto';

/** Everything of ours in a pool or a storage account begins like this. */
export const prefix = 'crossview';

export const stamp = (time: Date): string => time.toISOString().replace(/[-:T]/g, '').slice(0, 14);

/** Of a session's id: what can stand in every name, and tells sessions apart. */
export function shortSession(sessionId: string): string {
  return sessionId.replace(/[^A-Za-z0-9]/g, '').slice(0, 12) || 'session';
}

/** `crossview-<session>-<yyyyMMddHHmmss>-<random>`: a directory that nobody else has. */
export function stagingDirectoryName(sessionId: string, now = new Date()): string {
  return [prefix, shortSession(sessionId), stamp(now), randomBytes(8).toString('hex')].join('-');
}

export type ObjectKind = 'credential' | 'data_source' | 'file_format' | 'external_table' | 'stage' | 'old';

/** `crossview_<session>_<yyyyMMddHHmmss>_<random>_<kind>`. */
export function objectNames(sessionId: string, now = new Date()): (kind: ObjectKind) => string {
  const common = [prefix, shortSession(sessionId), stamp(now), randomBytes(8).toString('hex')].join('_');
  return (kind) => `${common}_${kind}`;
}

export interface OwnName {
  readonly session: string;
  readonly time: Date;
  readonly kind: ObjectKind | 'directory';
}

/** What one of our names says; `undefined` for a name that is not ours. */
export function parseOwnName(name: string): OwnName | undefined {
  const match =
    /^crossview([-_])([A-Za-z0-9]{1,12})\1(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\1[0-9a-f]{16}(?:_(credential|data_source|file_format|external_table|stage|old))?$/.exec(
      name,
    );
  if (match === null) return undefined;
  const [, , session = '', year, month, day, hour, minute, second, kind] = match;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(time.getTime())) return undefined;
  return { session, time, kind: (kind as ObjectKind | undefined) ?? 'directory' };
}
