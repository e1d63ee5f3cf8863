import { CrossviewError } from '@crossview/contracts';

/** A path as notebooks write it, taken apart. */
export type LakeAddress =
  | {
      readonly kind: 'storage';
      readonly account: string;
      readonly container: string;
      /** Without a slash in front. */
      readonly path: string;
      /** Everything before the path, as the notebook wrote it. */
      readonly root: string;
    }
  | { readonly kind: 'mount'; readonly path: string }
  | { readonly kind: 'local'; readonly path: string };

const byContainer = /^(abfss?|wasbs?):\/\/([^@/]+)@([^/.]+)(\.[^/]*)?(?:\/(.*))?$/is;
const byAccount = /^(https?):\/\/([^/.]+)\.(blob|dfs)\.([^/]+)\/([^/]+)(?:\/(.*))?$/is;

/**
 * Takes `abfss://C@A.dfs.core.windows.net/p`, `wasbs://C@A.blob.core.windows.net/p`, `https://A.blob.core.windows.net/C/p`,
 * `synfs:/JOB/MOUNT/p`, `file:/p`, `/p` and `p`.
 * @throws CrossviewError `LAKE_PATH` for an address that leads to something else.
 */
export function parseAddress(text: string): LakeAddress {
  const storage = byContainer.exec(text);
  if (storage) {
    const [, scheme = '', container = '', account = '', rest = '', path = ''] = storage;
    return {
      kind: 'storage',
      account: account.toLowerCase(),
      container,
      path: path.replace(/^\/+/, ''),
      root: `${scheme}://${container}@${account}${rest}`,
    };
  }
  const web = byAccount.exec(text);
  if (web) {
    const [, scheme = '', account = '', service = '', domain = '', container = '', path = ''] = web;
    return {
      kind: 'storage',
      account: account.toLowerCase(),
      container,
      path: path.replace(/^\/+/, ''),
      root: `${scheme}://${account}.${service}.${domain}/${container}`,
    };
  }
  const mount = /^synfs:\/*(.*)$/is.exec(text);
  if (mount) return { kind: 'mount', path: mount[1] ?? '' };
  const file = /^file:(?:\/\/)?(\/.*)$/is.exec(text);
  if (file) return { kind: 'local', path: decodeURI(file[1] ?? '/') };
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1];
  if (scheme !== undefined && scheme.length > 1)
    throw new CrossviewError('LAKE_PATH', `${text} is no path that can be reached here`, {
      hint: 'Write abfss://CONTAINER@ACCOUNT.dfs.core.windows.net/path, wasbs://CONTAINER@ACCOUNT.blob.core.windows.net/path, or a path of this machine.',
      facts: { path: text, scheme },
    });
  return { kind: 'local', path: text };
}
