import { RestError } from '@azure/storage-blob';
import { CrossviewError } from '@crossview/contracts';

/** What was being done to which thing, for the words of an error. */
export interface BlobStep {
  readonly account: string;
  readonly container: string;
  /** `list`, `download`, … and the path or prefix. */
  readonly action: string;
  readonly path?: string;
}

const networkCodes = new Set([
  'REQUEST_SEND_ERROR',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
]);

function codeFor(error: RestError): { code: string; hint: string } {
  const status = error.statusCode;
  if (status === 401 || status === 403)
    return {
      code: 'STORAGE_FORBIDDEN',
      hint: 'Give the identity the role "Storage Blob Data Contributor" on the account or container, or check key, SAS and its end time.',
    };
  if (status === 404) return { code: 'STORAGE_NOT_FOUND', hint: 'Check the names of account, container and path.' };
  if (status === 429 || status === 503)
    return { code: 'STORAGE_THROTTLED', hint: 'The account refuses more requests for now; try again later.' };
  if (status === undefined || networkCodes.has(error.code ?? ''))
    return { code: 'STORAGE_UNREACHABLE', hint: 'Check that the account exists and that this host may reach it.' };
  return { code: 'STORAGE_FAILED', hint: 'The storage service gave the reason named in the message.' };
}

/**
 * The vendor's error in our words. The vendor's own message and request are left behind: they hold addresses with signatures.
 */
export function storageError(thrown: unknown, step: BlobStep): CrossviewError {
  if (thrown instanceof CrossviewError) return thrown;
  const where = `${step.action} in container "${step.container}" of storage account "${step.account}"${
    step.path === undefined ? '' : ` at "${step.path}"`
  }`;
  const facts = {
    account: step.account,
    container: step.container,
    action: step.action,
    ...(step.path === undefined ? {} : { path: step.path }),
  };
  if (thrown instanceof Error && thrown.name === 'AbortError')
    return new CrossviewError('STORAGE_CANCELLED', `Cancelled: ${where}.`, { facts });
  if (!(thrown instanceof RestError)) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return new CrossviewError('STORAGE_FAILED', `Failed: ${where}: ${reason}`, { facts });
  }
  const { code, hint } = codeFor(thrown);
  const reason = thrown.code ?? (thrown.statusCode === undefined ? 'no answer' : `HTTP ${thrown.statusCode}`);
  return new CrossviewError(code, `Failed: ${where}: ${reason}.`, {
    hint,
    facts: { ...facts, reason, ...(thrown.statusCode === undefined ? {} : { status: thrown.statusCode }) },
  });
}

/** No request of a step was answered in time. */
export function unanswered({ account, container, action, path }: BlobStep): CrossviewError {
  const where = `${action} in container "${container}" of storage account "${account}"${path === undefined ? '' : ` at "${path}"`}`;
  return new CrossviewError('STORAGE_TIMEOUT', `Not answered in time: ${where}.`, {
    hint: 'Check that this host may reach the account, and try again.',
    facts: { account, container, action, ...(path === undefined ? {} : { path }) },
  });
}
