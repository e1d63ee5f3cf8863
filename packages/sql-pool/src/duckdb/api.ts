import { createRequire } from 'node:module';
import type * as Api from '@duckdb/node-api';
import type Bindings from '@duckdb/node-bindings';

// Required, not imported: to import a CommonJS module, Node first reads all of its files for what they export, which takes
// longer than to run them.
const require = createRequire(import.meta.url);
const api = require('@duckdb/node-api') as typeof Api;

export const bindings = require('@duckdb/node-bindings') as typeof Bindings;
export const {
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  DuckDBBlobValue,
  DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBScalarFunction,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBTypeId,
  DuckDBUUIDValue,
  DuckDBVector,
  FLOAT,
  HUGEINT,
  INTEGER,
  SMALLINT,
  TIME,
  TIMESTAMP,
  UTINYINT,
  UUID,
  VARCHAR,
} = api;

export type DuckDBAppender = Api.DuckDBAppender;
export type DuckDBBlobValue = Api.DuckDBBlobValue;
export type DuckDBConnection = Api.DuckDBConnection;
export type DuckDBDataChunk = Api.DuckDBDataChunk;
export type DuckDBDecimalType = Api.DuckDBDecimalType;
export type DuckDBInstance = Api.DuckDBInstance;
export type DuckDBPreparedStatement = Api.DuckDBPreparedStatement;
export type DuckDBScalarFunction = Api.DuckDBScalarFunction;
export type DuckDBType = Api.DuckDBType;
export type DuckDBTypeId = Api.DuckDBTypeId;
export type DuckDBValue = Api.DuckDBValue;
export type DuckDBVector<TValue extends DuckDBValue = DuckDBValue> = Api.DuckDBVector<TValue>;
export type DuckDBDateValue = Api.DuckDBDateValue;
export type DuckDBDecimalValue = Api.DuckDBDecimalValue;
export type DuckDBTimestampTZValue = Api.DuckDBTimestampTZValue;
export type DuckDBTimestampValue = Api.DuckDBTimestampValue;
export type DuckDBTimeValue = Api.DuckDBTimeValue;
