/** One row of sys.dm_pdw_exec_requests. */
export interface RequestRecord {
  readonly requestId: string;
  readonly sessionId: string;
  readonly command: string;
  readonly label: string | undefined;
  readonly submitted: Date;
  ended: Date | undefined;
  status: 'Running' | 'Completed' | 'Failed' | 'Cancelled';
  rows: number;
  error: { readonly id: string; readonly number: number; readonly text: string } | undefined;
  readonly database: string;
}

/** The last requests of the pool; the real one keeps 10,000 rows too. */
export class RequestLog {
  #next = 1;
  readonly #records: RequestRecord[] = [];

  begin(sessionId: string, command: string, label: string | undefined, database: string): RequestRecord {
    const record: RequestRecord = {
      requestId: `QID${this.#next++}`,
      sessionId,
      command,
      label,
      submitted: new Date(),
      ended: undefined,
      status: 'Running',
      rows: -1,
      error: undefined,
      database,
    };
    this.#records.push(record);
    if (this.#records.length > 10_000) this.#records.splice(0, this.#records.length - 10_000);
    return record;
  }

  get records(): readonly RequestRecord[] {
    return this.#records;
  }
}
