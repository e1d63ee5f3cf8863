import type { HostFunction, HostType, HostValue } from '../dialect/host/host-function.js';
import { hostFunctions } from '../dialect/host/index.js';
import { toSqlError } from '../errors/to-sql-error.js';
import {
  BIGINT,
  BLOB,
  DOUBLE,
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBScalarFunction,
  type DuckDBType,
  type DuckDBValue,
  VARCHAR,
} from './api.js';

const types: Readonly<Record<HostType, DuckDBType>> = {
  text: VARCHAR,
  whole: BIGINT,
  float: DOUBLE,
  binary: BLOB,
  moment: BIGINT,
};

function taken(value: DuckDBValue, type: HostType): HostValue {
  if (value === null) return null;
  if (type === 'binary') return (value as DuckDBBlobValue).bytes;
  return type === 'whole' ? Number(value) : (value as HostValue);
}

function given(value: HostValue, type: HostType): DuckDBValue {
  if (value === null) return null;
  if (type === 'binary') return new DuckDBBlobValue(value as Uint8Array);
  return type === 'whole' || type === 'moment' ? BigInt(value as number | bigint) : (value as DuckDBValue);
}

function scalar(name: string, made: HostFunction): DuckDBScalarFunction {
  return DuckDBScalarFunction.create({
    name: `host_${name}`,
    parameterTypes: made.parameters.map((type) => types[type]),
    returnType: types[made.returns],
    specialHandling: true,
    mainFunction: (info, input, output) => {
      try {
        const columns = made.parameters.map((_, index) => input.getColumnVector(index));
        for (let row = 0; row < input.rowCount; row++) {
          const values = columns.map((column, index) => taken(column.getItem(row), made.parameters[index]!));
          output.setItem(row, given(made.call(...values), made.returns));
        }
        output.flush();
      } catch (thrown) {
        const error = toSqlError(thrown);
        info.setError(`§${error.number}§${error.message}`);
      }
    },
  });
}

/** Makes the host functions known to a DuckDB instance, for all its connections. */
export function registerHostFunctions(connection: DuckDBConnection): void {
  for (const [name, made] of Object.entries(hostFunctions)) connection.registerScalarFunction(scalar(name, made));
}
