import { CrossviewError, type Json, type SessionServer } from '@crossview/contracts';
import type { LakeFiles } from './files.js';
import type { Mounts } from './mounts.js';

interface Arguments {
  path: string;
  to: string;
  file: string;
  content: string;
  maxBytes: number;
  recurse: boolean;
  overwrite: boolean;
  create: boolean;
  source: string;
  mountPoint: string;
}

const kinds: Readonly<Record<keyof Arguments, string>> = {
  path: 'string',
  to: 'string',
  file: 'string',
  content: 'string',
  maxBytes: 'number',
  recurse: 'boolean',
  overwrite: 'boolean',
  create: 'boolean',
  source: 'string',
  mountPoint: 'string',
};

function checked<Name extends keyof Arguments>(
  method: string,
  params: Json,
  names: readonly Name[],
): Pick<Arguments, Name> {
  const given = params as Record<string, unknown>;
  for (const name of names)
    if (typeof given[name] !== kinds[name])
      throw new CrossviewError('FS_ARGUMENTS', `${method}: ${name} is to be a ${kinds[name]}`, {
        hint: `mssparkutils.fs.help("${method.replace('fs.', '')}") says how it is called.`,
        facts: { method, argument: name },
      });
  return given as unknown as Pick<Arguments, Name>;
}

const nothing = {};

/** Offers the session's processes what `mssparkutils.fs` and file systems of Python ask for. */
export function offerFiles(session: SessionServer, files: LakeFiles, mounts: Mounts): void {
  const method = <Name extends keyof Arguments>(
    name: string,
    names: readonly Name[],
    run: (given: Pick<Arguments, Name>) => Promise<unknown>,
  ): void =>
    session.method(name, async (params) => ((await run(checked(name, params, names))) ?? nothing) as unknown as Json);
  method('fs.ls', ['path'], async ({ path }) => ({ files: await files.list(path) }));
  method('fs.stat', ['path'], async ({ path }) => ({ file: (await files.stat(path)) ?? null }));
  method('fs.mkdirs', ['path'], ({ path }) => files.makeDirectory(path));
  method('fs.rm', ['path', 'recurse'], ({ path, recurse }) => files.remove(path, recurse));
  method('fs.cp', ['path', 'to', 'recurse'], ({ path, to, recurse }) => files.copy(path, to, recurse));
  method('fs.mv', ['path', 'to', 'create', 'overwrite'], ({ path, to, create, overwrite }) =>
    files.move(path, to, { createPath: create, overwrite }),
  );
  method('fs.put', ['path', 'content', 'overwrite'], (it) => files.put(it.path, it.content, it.overwrite));
  method('fs.append', ['path', 'content', 'create'], (it) => files.append(it.path, it.content, it.create));
  method('fs.head', ['path', 'maxBytes'], async (it) => ({ text: await files.head(it.path, it.maxBytes) }));
  method('fs.fetch', ['path'], ({ path }) => files.fetch(path));
  method('fs.store', ['file', 'path'], ({ file, path }) => files.store(file, path));
  method('fs.mount', ['source', 'mountPoint'], async ({ source, mountPoint }) => {
    await files.locate(source);
    mounts.add(source, mountPoint);
  });
  method('fs.unmount', ['mountPoint'], async ({ mountPoint }) => ({ removed: mounts.remove(mountPoint) }));
  method('fs.mounts', [], async () => ({ mounts: mounts.list(), job: mounts.job }));
  method('fs.mounted', ['path'], async ({ path }) => ({ source: mounts.resolve(path) }));
  method('fs.localPath', ['path'], async ({ path }) => {
    const { store, path: inside } = await files.locate(path);
    if (store.localPath) return { path: store.localPath(inside) };
    throw new CrossviewError('MOUNT_REMOTE', `${path} is in a storage account, so it has no path on this machine`, {
      hint: 'Map the account to a folder in crossview.json (profiles.NAME.lake), or read it by its synfs: or abfss: path.',
      facts: { path },
    });
  });
}
