import type { ArrowParts, Json, KernelMethods, SessionServer, WireParts } from '@crossview/contracts';
import { renderFrame } from './render.js';

export const fromWire = ({ parts, rows, bytes, totalRows }: WireParts): ArrowParts => ({
  parts,
  rows,
  bytes,
  totalRows: totalRows ?? undefined,
});

/** Offers `frames.render` to the processes of the session, so that a frame looks the same from every language. */
export function frameMethods(session: SessionServer): void {
  session.method('frames.render', async (params) => {
    const { data, options } = params as unknown as KernelMethods['frames.render']['params'];
    return (await renderFrame(fromWire(data), options)) as unknown as Json;
  });
}
