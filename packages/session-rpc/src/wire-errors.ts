import { CrossviewError, type ErrorFacts } from '@crossview/contracts';
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node.js';

/** JSON-RPC wants a number as error code; ours is a word and travels in `data` (JSON-RPC 2.0, section 5.1). */
const applicationError = -32000;

interface ErrorData {
  readonly code?: unknown;
  readonly hint?: unknown;
  readonly facts?: unknown;
}

export function toResponseError(thrown: unknown): ResponseError<object> {
  const error = thrown instanceof CrossviewError ? thrown : toCrossviewError(thrown);
  return new ResponseError(applicationError, error.message, {
    code: error.code,
    hint: error.hint ?? null,
    facts: error.facts,
  });
}

/** @param peer how to name the other side in an error. */
export function fromResponseError(thrown: unknown, peer: string, method: string): CrossviewError {
  if (thrown instanceof CrossviewError) return thrown;
  if (thrown instanceof ResponseError) {
    if (thrown.code === ErrorCodes.MethodNotFound)
      return new CrossviewError('METHOD_UNKNOWN', `${peer} does not know the method ${method}.`, {
        facts: { method },
      });
    const data = (thrown.data ?? undefined) as ErrorData | undefined;
    if (typeof data?.code === 'string')
      return new CrossviewError(data.code, thrown.message, {
        hint: typeof data.hint === 'string' ? data.hint : undefined,
        facts: typeof data.facts === 'object' && data.facts !== null ? (data.facts as ErrorFacts) : {},
      });
    if (thrown.code !== ErrorCodes.PendingResponseRejected && thrown.code !== ErrorCodes.MessageWriteError)
      return new CrossviewError('PEER_FAILED', `${peer} failed in ${method}: ${thrown.message}`, {
        facts: { method, number: thrown.code },
      });
  }
  return peerGone(peer, method);
}

export function peerGone(peer: string, method: string): CrossviewError {
  return new CrossviewError('PEER_GONE', `${peer} closed its connection to the session before it answered ${method}.`, {
    hint: 'Run the cell again: what has ended is started anew.',
    facts: { peer, method },
  });
}

function toCrossviewError(thrown: unknown): CrossviewError {
  return new CrossviewError('INTERNAL_ERROR', thrown instanceof Error ? thrown.message : String(thrown));
}
