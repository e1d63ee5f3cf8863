import { CrossviewError, type Json } from '@crossview/contracts';
import { isObject } from './lenient-json.js';

/** What the body of `%%configure` says of the lake: Fabric's `defaultLakehouse` and `mountPoints`. */
export interface LakeRequest {
  readonly lakehouse?: { readonly name?: string; readonly id?: string };
  readonly mounts: readonly { readonly source: string; readonly mountPoint: string }[];
}

function given(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/**
 * @param plain takes the default of a value that stands for a pipeline's.
 * @throws CrossviewError `CONFIGURE_VALUE`
 */
export function readLakeRequest(
  body: { readonly [key: string]: Json },
  plain: (key: string, value: Json) => Json,
): LakeRequest {
  const text = (key: string, value: Json | undefined): string | undefined =>
    value === undefined ? undefined : given(plain(key, value));
  const mounts = (Array.isArray(body.mountPoints) ? body.mountPoints : []).map((mount) => {
    const { source, mountPoint } = isObject(mount) ? mount : {};
    const found = { source: text('source', source), mountPoint: text('mountPoint', mountPoint) };
    if (found.source !== undefined && found.mountPoint !== undefined)
      return found as { [Key in keyof typeof found]: string };
    throw new CrossviewError('CONFIGURE_VALUE', '%%configure: each of mountPoints has a "mountPoint" and a "source"');
  });
  const asked = body.defaultLakehouse;
  if (asked === undefined || asked === null) return { mounts };
  if (!isObject(asked))
    throw new CrossviewError('CONFIGURE_VALUE', '%%configure: defaultLakehouse is no JSON object', {
      hint: 'Write "defaultLakehouse": { "name": "NAME" }.',
    });
  const [name, id] = [text('name', asked.name), text('id', asked.id)];
  if (name === undefined && id === undefined)
    throw new CrossviewError('CONFIGURE_VALUE', '%%configure: defaultLakehouse has neither a name nor an id');
  return { mounts, lakehouse: { ...(name === undefined ? {} : { name }), ...(id === undefined ? {} : { id }) } };
}
