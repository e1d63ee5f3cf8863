export * from './arrow.js';
export * from './column.js';
export * from './parquet.js';
export * from './spark.js';
export * from './tsql.js';
export * from './tsql-types.js';
export * from './unsupported-column-error.js';
