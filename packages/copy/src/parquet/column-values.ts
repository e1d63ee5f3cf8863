import type { Data } from 'apache-arrow';

/** What the encoder needs of an Arrow column: its layout, not its type. */
export interface ColumnValues {
  readonly length: number;
  /** Position of the first row in the bitmaps; values and offsets start at the first row. */
  readonly offset: number;
  readonly nullCount: number;
  readonly nullBitmap: Uint8Array;
  readonly values: ArrayBufferView;
  readonly valueOffsets: Int32Array;
}

const kinds = { Uint8Array, Int8Array, Int16Array, Int32Array, Uint32Array, BigInt64Array, Float32Array, Float64Array };
type Kind = keyof typeof kinds;

/** Where an array lies in memory that two threads share. */
interface Place {
  readonly kind: Kind;
  readonly at: number;
  readonly length: number;
}

/** A column in shared memory. */
export interface ColumnPlace {
  readonly length: number;
  readonly offset: number;
  readonly nullCount: number;
  readonly nullBitmap: Place;
  readonly values: Place;
  readonly valueOffsets: Place;
}

const parts = ['nullBitmap', 'values', 'valueOffsets'] as const;
const empty = new Uint8Array(0);
const arrayOf = (data: Data, part: (typeof parts)[number]) =>
  (data[part] ?? empty) as unknown as InstanceType<(typeof kinds)[Kind]>;
const aligned = (bytes: number): number => (bytes + 7) & ~7;

/** Copies columns side by side into `memory`, or into a larger one where they do not fit. */
export function share(
  columns: readonly Data[],
  memory: SharedArrayBuffer | undefined,
): { memory: SharedArrayBuffer; places: ColumnPlace[] } {
  let bytes = 0;
  for (const column of columns) for (const part of parts) bytes += aligned(arrayOf(column, part).byteLength);
  const target =
    memory !== undefined && memory.byteLength >= bytes ? memory : new SharedArrayBuffer(bytes + (bytes >> 2));
  const everything = new Uint8Array(target);
  let at = 0;
  const put = (column: Data, part: (typeof parts)[number]): Place => {
    const array = arrayOf(column, part);
    const place = { kind: array.constructor.name as Kind, at, length: array.length };
    everything.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += aligned(array.byteLength);
    return place;
  };
  const places = columns.map((column) => ({
    length: column.length,
    offset: column.offset,
    nullCount: column.nullCount,
    nullBitmap: put(column, 'nullBitmap'),
    values: put(column, 'values'),
    valueOffsets: put(column, 'valueOffsets'),
  }));
  return { memory: target, places };
}

/** The columns that `share` has put there. */
export function sharedColumns(memory: SharedArrayBuffer, places: readonly ColumnPlace[]): ColumnValues[] {
  const array = ({ kind, at, length }: Place) => new kinds[kind](memory as unknown as ArrayBuffer, at, length);
  return places.map((place) => ({
    length: place.length,
    offset: place.offset,
    nullCount: place.nullCount,
    nullBitmap: array(place.nullBitmap) as Uint8Array,
    values: array(place.values),
    valueOffsets: array(place.valueOffsets) as Int32Array,
  }));
}
