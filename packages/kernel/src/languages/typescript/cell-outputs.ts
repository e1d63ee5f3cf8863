import type { CellOutput, SessionServer } from '@crossview/contracts';
import type { DisplayParams, StreamParams } from './protocol.js';

/** Cells whose late output still finds its way. */
const rememberedCells = 100;

const ofSessions = new WeakMap<SessionServer, CellOutputs>();

/** A session has one, however many notebooks run in it. */
export function cellOutputs(session: SessionServer): CellOutputs {
  const known = ofSessions.get(session);
  if (known) return known;
  const outputs = new CellOutputs(session);
  ofSessions.set(session, outputs);
  return outputs;
}

/** Where the outputs of TypeScript cells go. */
export class CellOutputs {
  readonly #outputs = new Map<string, CellOutput>();

  /** Output comes by calls and not by notifications: the answers tell the process how fast it may print. */
  constructor(session: SessionServer) {
    session.method('typescript.stream', (params) => {
      const { cell, name, text } = params as unknown as StreamParams;
      this.#outputs.get(cell)?.stream(name, text);
      return {};
    });
    session.method('typescript.display', (params) => {
      const { cell, data, metadata, result } = params as unknown as DisplayParams;
      const output = this.#outputs.get(cell);
      if (result) output?.result(data, metadata);
      else output?.display(data, { metadata });
      return {};
    });
  }

  add(cell: string, output: CellOutput): void {
    this.#outputs.set(cell, output);
    for (const id of this.#outputs.keys()) {
      if (this.#outputs.size <= rememberedCells) break;
      this.#outputs.delete(id);
    }
  }
}
