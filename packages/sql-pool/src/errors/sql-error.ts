import { CrossviewError } from '@crossview/contracts';

/** An error as SQL Server numbers it; severity 11 to 16 lets the session go on, 20 and more ends it. */
export class SqlError extends CrossviewError {
  readonly number: number;
  readonly severity: number;
  readonly state: number;
  /** Line of the batch, 1-based; 0 until the statement is known. */
  line: number;
  /** `schema.name` of the procedure it came from; empty for a batch. */
  procedure = '';

  constructor(
    number: number,
    message: string,
    options: { severity?: number; state?: number; line?: number; hint?: string; cause?: unknown } = {},
  ) {
    const { severity = 16, state = 1, line = 0 } = options;
    super('SQL_FAILED', message, { hint: options.hint, cause: options.cause, facts: { number, severity, state } });
    this.number = number;
    this.severity = severity;
    this.state = state;
    this.line = line;
  }
}

/** What the pool does not have. Never a wrong result instead. */
export function notSupported(what: string, line = 0, hint?: string): SqlError {
  return new SqlError(40517, `not supported by the local pool: ${what}`, { line, ...(hint ? { hint } : {}) });
}

export function syntaxError(near: string, line: number): SqlError {
  return new SqlError(102, `Incorrect syntax near '${near}'.`, { severity: 15, line });
}
