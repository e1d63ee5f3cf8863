/** What a parameter or a result is: `moment` is microseconds since 1970-01-01, as a bigint. */
export type HostType = 'text' | 'whole' | 'float' | 'binary' | 'moment';
export type HostValue = string | number | bigint | Uint8Array | null;

/**
 * A function of the pool that is written here and called by DuckDB row by row, for what its own functions cannot say.
 * It is pure; a failure is thrown as an SqlError. A new one is an entry in its family's file.
 */
export interface HostFunction {
  readonly parameters: readonly HostType[];
  readonly returns: HostType;
  call(...values: readonly HostValue[]): HostValue;
}

/** A function that is NULL as soon as one of its arguments is. */
export function strict(
  parameters: readonly HostType[],
  returns: HostType,
  call: (...values: never[]) => HostValue,
): HostFunction {
  return {
    parameters,
    returns,
    call: (...values) => (values.includes(null) ? null : call(...(values as never[]))),
  };
}
