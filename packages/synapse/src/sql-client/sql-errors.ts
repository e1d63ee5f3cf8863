import { CrossviewError, type PoolTarget } from '@crossview/contracts';
import { hintFor } from './sql-hints.js';

/** The fields of tedious's errors that are looked at; its classes are not exported. */
interface DriverError {
  readonly message: string;
  readonly code?: string;
  readonly number?: number;
  readonly state?: number;
  readonly class?: number;
  readonly lineNumber?: number;
  readonly procName?: string;
  readonly errors?: readonly DriverError[];
  readonly cause?: unknown;
}

/** Azure SQL's numbers for "not now": the same request may succeed a little later. */
export const transientNumbers: ReadonlySet<number> = new Set([
  40_197, 40_501, 40_540, 40_613, 42_108, 42_109, 49_918, 49_919, 49_920, 10_928, 10_929, 18_401, 10_053, 10_054,
  10_060, 1_205,
]);

const lostCodes = new Set(['ESOCKET', 'ECLOSE', 'ECONNRESET', 'EINVALIDSTATE', 'EPIPE']);

/** The first error of a batch is the reason; those behind it follow from it. */
function firstOf(thrown: unknown): DriverError {
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as DriverError;
  return error.errors?.[0] ?? error;
}

/** Those that say for certain that the request did not run. */
const refusedNumbers: ReadonlySet<number> = new Set([
  40_501, 40_613, 42_108, 42_109, 49_918, 49_919, 49_920, 10_928, 10_929, 18_401,
]);

/** True when the server put the request off before it did anything: to send it again is safe. */
export function wasRefused(thrown: unknown): boolean {
  return thrown instanceof CrossviewError && refusedNumbers.has(Number(thrown.facts.number));
}

/** True for the victim of a deadlock: the pool took its statement back whole. */
export function wasTakenBack(thrown: unknown): boolean {
  return thrown instanceof CrossviewError && thrown.facts.number === 1205;
}

export function isTransient(thrown: unknown): boolean {
  return thrown instanceof CrossviewError && transientNumbers.has(Number(thrown.facts.number));
}

function whereOf(target: PoolTarget): string {
  return `database "${target.database}" on ${target.server}${target.standIn === undefined ? '' : ` (${target.standIn})`}`;
}

function loginName(target: PoolTarget): string {
  return target.login.kind === 'sql' ? `user "${target.login.user}"` : 'the Entra identity';
}

function withoutSecret(text: string, target: PoolTarget): string {
  const { login } = target;
  return login.kind === 'sql' && login.password !== '' ? text.replaceAll(login.password, '[REDACTED]') : text;
}

/** Certificate failures have codes of OpenSSL's: `SELF_SIGNED_CERT_IN_CHAIN`, `ERR_TLS_CERT_ALTNAME_INVALID`. */
function networkReason(error: DriverError): { reason: string; certificate: boolean } {
  const causes: string[] = [];
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    causes.push(String((cause as { code?: unknown }).code ?? ''), cause.message);
  const certificate = causes.some((text) => /CERT|certificate|ALTNAME|UNABLE_TO_VERIFY/i.test(text));
  const last = causes.findLast((text) => text !== '') ?? error.message;
  return { reason: last, certificate };
}

/** An error of `connect`. */
export function connectError(thrown: unknown, target: PoolTarget): CrossviewError {
  if (thrown instanceof CrossviewError) return thrown;
  const error = firstOf(thrown);
  const facts = {
    server: target.server,
    database: target.database,
    ...(target.login.kind === 'sql' ? { user: target.login.user } : {}),
    ...(error.number === undefined ? {} : { number: error.number, state: error.state }),
  };
  const message = withoutSecret(error.message, target);
  if (error.code === 'ELOGIN' || error.code === 'EFEDAUTH' || error.number !== undefined)
    return new CrossviewError(
      'SQL_LOGIN_FAILED',
      `${loginName(target)[0]?.toUpperCase()}${loginName(target).slice(1)} cannot log in to ${whereOf(target)}: ${message}`,
      {
        hint: 'Check user, password and database; the user needs CREATE USER in this database. A paused pool must be resumed first.',
        facts,
      },
    );
  const { reason, certificate } = networkReason(error);
  return new CrossviewError(
    'SQL_UNREACHABLE',
    certificate
      ? `The certificate of ${target.server} is not trusted: ${withoutSecret(reason, target)}`
      : `There is no connection to ${whereOf(target)}: ${withoutSecret(reason, target)}`,
    {
      hint: certificate
        ? 'The name in the certificate must be the server name, and its issuer one this host trusts.'
        : 'Check the server name, that the pool is running, and that its firewall lets this host in.',
      facts,
    },
  );
}

/** An error of a batch. */
export function queryError(thrown: unknown, target: PoolTarget, cancelled: boolean): CrossviewError {
  if (thrown instanceof CrossviewError) return thrown;
  const error = firstOf(thrown);
  const place = { server: target.server, database: target.database };
  if (cancelled || error.code === 'ECANCEL')
    return new CrossviewError('SQL_CANCELLED', `Cancelled on ${whereOf(target)}.`, { facts: place });
  if (error.code === 'ETIMEOUT')
    return new CrossviewError('SQL_TIMEOUT', `No answer in time from ${whereOf(target)}.`, {
      hint: 'Whether the last statement took effect is not known; look before you repeat it. Give it longer by the option queryTimeout, in seconds.',
      facts: place,
    });
  if (error.number === undefined && (error.code === undefined || lostCodes.has(error.code)) && !isOurs(error))
    return new CrossviewError(
      'SQL_CONNECTION_LOST',
      `The connection to ${whereOf(target)} was lost: ${error.message}`,
      {
        hint: 'Whether the last statement took effect is not known; look before you repeat it.',
        facts: place,
      },
    );
  const where = [
    error.number === undefined ? undefined : `Error ${error.number}`,
    error.lineNumber === undefined ? undefined : `line ${error.lineNumber}`,
    whereOf(target),
  ].filter((part) => part !== undefined);
  return new CrossviewError('SQL_FAILED', withoutSecret(error.message, target), {
    hint: [`${where.join(', ')}.`, hintFor(error.number)].filter((part) => part !== undefined).join('\n'),
    facts: {
      ...place,
      number: error.number,
      severity: error.class,
      state: error.state,
      line: error.lineNumber,
      ...(error.procName ? { procedure: error.procName } : {}),
    },
  });
}

/** tedious gives its own failures a code; an error without one came from our row handling. */
function isOurs(error: DriverError): boolean {
  return error.code === undefined;
}
