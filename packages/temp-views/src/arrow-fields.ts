import type { ViewField } from '@crossview/contracts';
import { DataType, Field, type Schema, Type } from 'apache-arrow';

export function fieldsOf(schema: Schema): ViewField[] {
  return schema.fields.map((field) => ({ name: field.name, type: String(field.type), nullable: field.nullable }));
}

/**
 * Why Spark cannot take a schema, naming the first column that it has no type for.
 * Source: Spark 4.1, `ArrowUtils.fromArrowType`; a dictionary inside of another type is refused because Spark's reader
 * ignores dictionaries and would hand out the codes.
 */
export function sparkRefusal(schema: Schema): string | undefined {
  for (const field of schema.fields) {
    // A dictionary by itself is resolved when Spark takes the view.
    const reason = DataType.isDictionary(field.type)
      ? refusal(new Field(field.name, field.type.dictionary, field.nullable))
      : refusal(field);
    if (reason !== undefined) return `column "${field.name}" is ${reason}`;
  }
  return undefined;
}

function refusal(field: Field): string | undefined {
  const own = reasons[field.type.typeId as Type]?.(field.type);
  if (own !== undefined) return own;
  for (const child of (field.type.children ?? []) as Field[]) {
    const inner = refusal(child);
    if (inner !== undefined) return `${String(field.type)}, with ${inner} in it`;
  }
  return undefined;
}

const noType = (type: DataType) => `${String(type)}, which Spark has no type for`;

/** Only what Spark refuses; every other type of Arrow has a Spark type. */
const reasons: { readonly [id in Type]?: (type: DataType) => string | undefined } = {
  [Type.Dictionary]: (type) => `${String(type)}; publish its values instead`,
  [Type.Int]: (type) => ((type as unknown as { isSigned: boolean }).isSigned ? undefined : noType(type)),
  [Type.Float]: (type) => ((type as unknown as { precision: number }).precision === 0 ? noType(type) : undefined),
  [Type.Timestamp]: (type) => microseconds(type, 'cast it to microseconds'),
  [Type.Date]: (type) => ((type as unknown as { unit: number }).unit === 0 ? undefined : noType(type)),
  [Type.Time]: noType,
  [Type.Duration]: (type) => microseconds(type, 'cast it to microseconds'),
  [Type.Decimal]: (type) => ((type as unknown as { bitWidth: number }).bitWidth === 128 ? undefined : noType(type)),
  [Type.Union]: noType,
  [Type.FixedSizeBinary]: noType,
  [Type.FixedSizeList]: noType,
  [Type.LargeList]: noType,
  [Type.BinaryView]: noType,
  [Type.Utf8View]: noType,
};

function microseconds(type: DataType, cure: string): string | undefined {
  return (type as unknown as { unit: number }).unit === 2
    ? undefined
    : `${String(type)}, which Spark has no type for: ${cure}`;
}
