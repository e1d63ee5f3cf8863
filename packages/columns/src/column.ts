import type { Json } from '@crossview/contracts';

/** Every kind a column can have, once. The tables of this package are `Record`s over this list, so a new kind does not compile until each knows it. */
export const columnKinds = [
  'null',
  'boolean',
  'byte',
  'short',
  'integer',
  'long',
  'float',
  'double',
  'decimal',
  'string',
  'binary',
  'date',
  'time',
  'timestamp',
  'timestampNtz',
  'yearMonthInterval',
  'dayTimeInterval',
  'calendarInterval',
  'array',
  'struct',
  'map',
  'variant',
] as const;

export type ColumnKind = (typeof columnKinds)[number];

/**
 * The type of a column. `timestamp` is an instant, `timestampNtz` a wall clock without zone, both in microseconds;
 * `time` counts fractions of a second by `scale` digits. `length` of a string counts UTF-16 code units, as T-SQL does.
 */
export type ColumnType =
  | {
      readonly kind: Exclude<
        ColumnKind,
        'decimal' | 'string' | 'binary' | 'time' | 'array' | 'struct' | 'map' | 'yearMonthInterval' | 'dayTimeInterval'
      >;
    }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'string'; readonly length?: number }
  | { readonly kind: 'binary'; readonly length?: number }
  | { readonly kind: 'time'; readonly scale: number }
  /** `fields` are Spark's own words: `year`, `year to month`; `day to second`. */
  | { readonly kind: 'yearMonthInterval' | 'dayTimeInterval'; readonly fields: string }
  | { readonly kind: 'array'; readonly element: ColumnType; readonly containsNull: boolean }
  | { readonly kind: 'struct'; readonly fields: readonly Column[] }
  | { readonly kind: 'map'; readonly key: ColumnType; readonly value: ColumnType; readonly valueContainsNull: boolean };

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** Spark's metadata of the field: `maxlength`, `comment`. */
  readonly metadata?: Readonly<Record<string, Json>>;
}
