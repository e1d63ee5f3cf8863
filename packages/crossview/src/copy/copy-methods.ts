import type { Json, KernelMethods, SessionServer } from '@crossview/contracts';
import { type CopySession, throwIfFailed } from './copy-session.js';

/** Offers `copy.define` and `copy.run` to the processes of a session; TypeScript cells reach them as `copy`. */
export function copyMethods(server: SessionServer, session: CopySession): void {
  server.method('copy.define', async (params) => {
    const { text } = params as unknown as KernelMethods['copy.define']['params'];
    return { defined: [...(await session.read({ text })).defined] };
  });
  server.method('copy.run', async (params, { peer, signal }) => {
    const { progress, allowFailure, ...request } = params as unknown as KernelMethods['copy.run']['params'];
    const { runReport } = await import('@crossview/copy');
    const { pipelines } = await session.read(request);
    const runs: Json[] = [];
    for (const pipeline of pipelines) {
      const run = await session.run(pipeline, request, {
        signal,
        onProgress: (at) => {
          if (progress !== undefined) peer.notify('call.progress', { id: progress, value: { ...at } });
        },
      });
      if (!allowFailure) throwIfFailed(run);
      runs.push(runReport(run));
    }
    return { runs };
  });
}
