import type { ArrowParts, Json, SessionServer, ViewCatalog, ViewInfo, WireParts } from '@crossview/contracts';

/** The methods `views.*` that the processes of a session call, see `contracts/session-methods.ts`. */
export function registerViewMethods(session: SessionServer, catalog: ViewCatalog): void {
  const allocated = new Map<string, Set<string>>();

  session.method('views.list', async () => ({ views: (await catalog.list()).map(viewJson) }));

  session.method('views.read', async (params, { signal }) => {
    const { name, limit } = params as { name: string; limit?: number | null };
    return toWire(await catalog.read(name, { signal, ...(limit == null ? {} : { limit }) }));
  });

  session.method('views.allocate', async (_params, { peer }) => {
    const directory = await catalog.allocate();
    let own = allocated.get(peer.id);
    if (!own) {
      own = new Set();
      allocated.set(peer.id, own);
      // What a process was writing when it died is nobody's.
      peer.onClose(() => {
        for (const left of allocated.get(peer.id) ?? []) void catalog.discard(left);
        allocated.delete(peer.id);
      });
    }
    own.add(directory);
    return { directory };
  });

  session.method('views.publish', async (params, { peer }) => {
    const { name, data, language } = params as unknown as { name: string; data: WireParts; language: string };
    const info = await catalog.publish(name, fromWire(data), language);
    // A Python cell on Spark may use the view in its next line; for all others it is early enough before the next Spark cell.
    if (peer.role === 'pyspark' || peer.role === 'spark') await catalog.offerToSpark();
    return viewJson(info);
  });

  session.method('views.drop', async (params) => ({ dropped: await catalog.drop((params as { name: string }).name) }));
}

export function fromWire(data: WireParts): ArrowParts {
  return { ...data, totalRows: data.totalRows ?? undefined };
}

export function toWire(data: ArrowParts): Json {
  return { parts: [...data.parts], rows: data.rows, bytes: data.bytes, totalRows: data.totalRows ?? null };
}

function viewJson(view: ViewInfo): Json {
  return {
    name: view.name,
    language: view.language,
    scope: view.scope,
    bytes: view.bytes,
    rows: view.rows ?? null,
    fields: view.fields ? view.fields.map((field) => ({ ...field })) : null,
    note: view.note ?? null,
    version: view.version ?? null,
  };
}
