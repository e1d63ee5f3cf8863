import { SqlError } from '../errors/sql-error.js';

/** Where files are: an account, a container, a path inside it without a leading slash. */
export interface Location {
  readonly account: string;
  readonly container: string;
  readonly path: string;
}

/**
 * `https://a.blob.core.windows.net/c/p`, `https://a.dfs…/c/p`, `abfss://c@a.dfs…/p`, `wasbs://c@a.blob…/p`, and the emulator's
 * `http://127.0.0.1:10000/devstoreaccount1/c/p`.
 * @throws SqlError 105202 for anything else
 */
export function parseLocation(text: string): Location {
  const wrong = () =>
    new SqlError(
      105202,
      `The location '${text.split('?')[0]}' is not valid: expected https://account.blob.core.windows.net/container/path or abfss://container@account.dfs.core.windows.net/path.`,
    );
  const found = /^(\w+):\/\/([^/]+)\/?([^?]*)$/.exec(text.trim());
  if (!found) throw wrong();
  const [, scheme = '', authority = '', rest = ''] = found;
  switch (scheme.toLowerCase()) {
    case 'abfss':
    case 'abfs':
    case 'wasbs':
    case 'wasb': {
      const [container, host] = authority.split('@');
      if (!container || !host) throw wrong();
      return { account: host.split('.')[0]!, container, path: clean(rest) };
    }
    case 'https':
    case 'http': {
      const parts = rest.split('/');
      const numeric = /^(\d+\.){3}\d+(:\d+)?$|^localhost(:\d+)?$/.test(authority);
      const account = numeric ? parts.shift() : authority.split('.')[0];
      const container = parts.shift();
      if (!account || !container) throw wrong();
      return { account, container, path: clean(parts.join('/')) };
    }
    default:
      throw wrong();
  }
}

function clean(path: string): string {
  return decodeURIComponent(path)
    .replace(/^\/+/, '')
    .replaceAll(/\/{2,}/g, '/');
}

/** A path below the location of a data source. */
export function below(base: Location, path: string): Location {
  const joined = [base.path.replace(/\/+$/, ''), path.replace(/^\/+/, '')].filter((part) => part !== '').join('/');
  return { ...base, path: joined };
}

/** Whether a file is meant by a path: itself, everything below a directory, or a wildcard. Names that begin with `_` or `.` are left out. */
export function matches(path: string, file: string): boolean {
  const wild = path.search(/[*?]/);
  if (wild < 0) {
    if (file === path) return true;
    const directory = path === '' || path.endsWith('/') ? path : `${path}/`;
    return file.startsWith(directory) && !hidden(file.slice(directory.length));
  }
  const pattern = path
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  const base = path.slice(0, path.lastIndexOf('/', wild) + 1);
  return (
    new RegExp(`^${pattern}${path.endsWith('/') ? '.*' : '(/.*)?'}$`).test(file) && !hidden(file.slice(base.length))
  );
}

function hidden(relative: string): boolean {
  return relative.split('/').some((part) => part.startsWith('_') || part.startsWith('.'));
}

/** What to list for a path. */
export function listPrefix(path: string): string {
  const wild = path.search(/[*?]/);
  return wild < 0 ? path.replace(/\/+$/, '') : path.slice(0, wild);
}
