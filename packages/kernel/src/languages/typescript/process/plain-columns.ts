import {
  type Data,
  DataType,
  DateDay,
  DurationMicrosecond,
  Field,
  FixedSizeList,
  List,
  Map_,
  makeBuilder,
  makeData,
  type Null,
  RecordBatch,
  Schema,
  Struct,
  Table,
  TimestampMicrosecond,
  TimeUnit,
  Type,
  Vector,
} from 'apache-arrow';

/**
 * The same rows with columns that every language of the session can read: dictionaries become their values, times come in
 * microseconds where nothing is lost, dates in days. `vectorFromArray` makes dictionaries of text and milliseconds of
 * dates, which Spark's reader takes for numbers or refuses.
 */
export function plainTable(table: Table): Table {
  const { fields } = table.schema;
  const wanted = fields.map((field, index) => plainType(field.type, () => table.getChildAt(index)!));
  if (wanted.every((type, index) => type === fields[index]!.type)) return table;
  const schema = new Schema(fields.map((field, index) => new Field(field.name, wanted[index]!, field.nullable)));
  const batches = table.batches.map((batch) => {
    const children = batch.data.children.map((child, index) =>
      child.type === wanted[index] || fields[index]!.type === wanted[index] ? child : converted(child, wanted[index]!),
    );
    const type = new Struct(schema.fields);
    return new RecordBatch(schema, makeData({ type, length: batch.numRows, nullCount: 0, children }));
  });
  return new Table(schema, batches);
}

/** The type itself when it is plain already. */
function plainType(type: DataType, column?: () => Vector): DataType {
  if (DataType.isDictionary(type)) return plainType(type.dictionary);
  if (DataType.isTimestamp(type) && type.unit !== TimeUnit.MICROSECOND)
    return type.unit === TimeUnit.NANOSECOND && !(column && wholeMicroseconds(column()))
      ? type
      : new TimestampMicrosecond(type.timezone);
  if (DataType.isDuration(type) && type.unit !== TimeUnit.MICROSECOND)
    return type.unit === TimeUnit.NANOSECOND && !(column && wholeMicroseconds(column()))
      ? type
      : new DurationMicrosecond();
  if (type.typeId === Type.Date && (type as unknown as { unit: number }).unit !== 0) return new DateDay();
  if (DataType.isList(type)) {
    const child = plainField(type.children[0]!);
    return child === type.children[0] ? type : new List(child);
  }
  if (DataType.isFixedSizeList(type)) {
    const child = plainField(type.children[0]!);
    return child === type.children[0] ? type : new FixedSizeList(type.listSize, child);
  }
  if (DataType.isMap(type)) {
    const entries = plainField(type.children[0]!);
    return entries === type.children[0] ? type : new Map_(entries as Field<Struct>, type.keysSorted);
  }
  if (DataType.isStruct(type)) {
    const children = type.children.map(plainField);
    return children.every((child, index) => child === type.children[index]) ? type : new Struct(children);
  }
  return type;
}

function plainField(field: Field): Field {
  const type = plainType(field.type);
  return type === field.type ? field : new Field(field.name, type, field.nullable);
}

function converted(column: Data, type: DataType): Data {
  if (column.type === type) return column;
  if (isNested(type)) {
    // What tells rows apart stays as it is; only the values inside become others.
    const children = column.children.map((child, index) => converted(child, type.children[index]!.type));
    return column.clone(type, column.offset, column.length, column.nullCount, column.buffers as never, children);
  }
  const factor = factorTo(column.type, type);
  if (factor !== undefined) {
    const values = column.values as BigInt64Array;
    const scaled = factor < 0n ? values.map((value) => value / -factor) : values.map((value) => value * factor);
    const buffers = [undefined, scaled, column.nullBitmap, undefined] as never;
    return column.clone(type, column.offset, column.length, column.nullCount, buffers);
  }
  const builder = makeBuilder({ type, nullValues: [null, undefined] });
  for (const value of new Vector([column])) builder.append(value);
  return builder.finish().toVector().data[0] ?? makeData({ type: type as Null, length: 0 });
}

function isNested(type: DataType): boolean {
  return DataType.isList(type) || DataType.isStruct(type) || DataType.isMap(type) || DataType.isFixedSizeList(type);
}

/** How many microseconds one unit is; negative: how many units one microsecond is. */
const perUnit: Readonly<Record<TimeUnit, bigint>> = {
  [TimeUnit.SECOND]: 1_000_000n,
  [TimeUnit.MILLISECOND]: 1_000n,
  [TimeUnit.MICROSECOND]: 1n,
  [TimeUnit.NANOSECOND]: -1_000n,
};

function factorTo(from: DataType, to: DataType): bigint | undefined {
  if (DataType.isTimestamp(from) && DataType.isTimestamp(to)) return perUnit[from.unit];
  if (DataType.isDuration(from) && DataType.isDuration(to)) return perUnit[from.unit];
  return undefined;
}

function wholeMicroseconds(column: Vector): boolean {
  return column.data.every((data) => (data.values as BigInt64Array).every((value) => value % 1000n === 0n));
}
