import { CrossviewError } from '@crossview/contracts';

/** What `fs.mount` made: a short name for a place in the lake, for this session. */
export class Mounts {
  readonly #sources = new Map<string, { readonly source: string; readonly scope: string }>();

  /** @param job the first part of `synfs:/JOB/MOUNT/…`. */
  constructor(readonly job: string) {}

  /** @throws CrossviewError `MOUNT_POINT` when the name is none, `MOUNT_TAKEN`. */
  add(source: string, mountPoint: string): void {
    const name = mountName(mountPoint);
    const taken = this.#sources.get(name);
    if (taken !== undefined && taken.source !== source)
      throw new CrossviewError('MOUNT_TAKEN', `${mountPoint} is mounted already, on ${taken.source}`, {
        hint: `Call mssparkutils.fs.unmount("${mountPoint}") first.`,
      });
    this.#sources.set(name, { source: source.replace(/\/+$/, ''), scope: 'job' });
  }

  remove(mountPoint: string): boolean {
    return this.#sources.delete(mountName(mountPoint));
  }

  list(): readonly { readonly mountPoint: string; readonly source: string; readonly scope: string }[] {
    return [...this.#sources].map(([mountPoint, it]) => ({ mountPoint, ...it }));
  }

  /** The lake's own address of `JOB/MOUNT/rest`, or of `/MOUNT/rest`. @throws CrossviewError `MOUNT_UNKNOWN`. */
  resolve(path: string): string {
    const plain = path.replace(/^synfs:/i, '').replace(/^\/+/, '');
    const inside = `/${plain.startsWith(`${this.job}/`) ? plain.slice(this.job.length + 1) : plain}`;
    // The longest name first: /data and /data/raw may both be mounted.
    const names = [...this.#sources.keys()].sort((a, b) => b.length - a.length);
    const name = names.find((it) => inside === it || inside.startsWith(`${it}/`));
    if (name !== undefined) return `${this.#sources.get(name)!.source}${inside.slice(name.length)}`;
    throw new CrossviewError('MOUNT_UNKNOWN', `Nothing is mounted at ${inside}`, {
      hint: `Mounted: ${names.join(', ') || 'nothing'}. Call mssparkutils.fs.mount(source, "/name") first.`,
      facts: { path },
    });
  }
}

function mountName(mountPoint: string): string {
  const name = `/${mountPoint.replace(/^\/+|\/+$/g, '')}`;
  if (name !== '/') return name;
  throw new CrossviewError('MOUNT_POINT', 'A mount point is a name with a slash in front: "/data"');
}
