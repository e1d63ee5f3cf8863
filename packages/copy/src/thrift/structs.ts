import { Thrift, type TProtocol } from 'thrift';

/**
 * Structs described as data, read and written over npm `thrift`'s protocols: field id → name and type.
 * Fields that a description does not name are skipped, as Thrift wants it.
 */
export type FieldType =
  | 'bool'
  | 'i16'
  | 'i32'
  | 'i64'
  | 'double'
  | 'string'
  | 'binary'
  | 'stringMap'
  | 'stringList'
  | { readonly struct: StructType }
  | { readonly list: StructType }
  | { readonly map: StructType };

export interface StructType {
  readonly name: string;
  readonly fields: Readonly<Record<number, readonly [name: string, type: FieldType]>>;
}

export type StructValue = { [name: string]: unknown };

const wireType = (type: FieldType): Thrift.Type => {
  if (typeof type === 'object')
    return 'struct' in type ? Thrift.Type.STRUCT : 'list' in type ? Thrift.Type.LIST : Thrift.Type.MAP;
  switch (type) {
    case 'bool':
      return Thrift.Type.BOOL;
    case 'i16':
      return Thrift.Type.I16;
    case 'i32':
      return Thrift.Type.I32;
    case 'i64':
      return Thrift.Type.I64;
    case 'double':
      return Thrift.Type.DOUBLE;
    case 'string':
    case 'binary':
      return Thrift.Type.STRING;
    case 'stringMap':
      return Thrift.Type.MAP;
    case 'stringList':
      return Thrift.Type.LIST;
  }
};

export function writeStruct(output: TProtocol, type: StructType, value: StructValue): void {
  output.writeStructBegin(type.name);
  for (const [id, [name, fieldType]] of Object.entries(type.fields)) {
    const fieldValue = value[name];
    if (fieldValue === undefined) continue;
    output.writeFieldBegin(name, wireType(fieldType), Number(id));
    writeValue(output, fieldType, fieldValue);
    output.writeFieldEnd();
  }
  output.writeFieldStop();
  output.writeStructEnd();
}

function writeValue(output: TProtocol, type: FieldType, value: unknown): void {
  if (typeof type === 'object') {
    if (!('struct' in type)) throw new TypeError('only requests are written, and they hold structs alone');
    writeStruct(output, type.struct, value as StructValue);
    return;
  }
  switch (type) {
    case 'bool':
      output.writeBool(value as boolean);
      return;
    case 'i16':
      output.writeI16(value as number);
      return;
    case 'i32':
      output.writeI32(value as number);
      return;
    case 'i64':
      output.writeI64(value as number);
      return;
    case 'double':
      output.writeDouble(value as number);
      return;
    case 'string':
      output.writeString(value as string);
      return;
    case 'binary':
      output.writeBinary(value as Buffer);
      return;
    case 'stringMap': {
      const entries = Object.entries(value as Record<string, string>);
      output.writeMapBegin(Thrift.Type.STRING, Thrift.Type.STRING, entries.length);
      for (const [key, text] of entries) {
        output.writeString(key);
        output.writeString(text);
      }
      output.writeMapEnd();
      return;
    }
    case 'stringList':
      throw new TypeError('no request holds a list of strings');
  }
}

export function readStruct(input: TProtocol, type: StructType): StructValue {
  const value: StructValue = {};
  input.readStructBegin();
  for (;;) {
    const { ftype, fid } = input.readFieldBegin();
    if (ftype === Thrift.Type.STOP) break;
    const field = type.fields[fid];
    if (field !== undefined && wireType(field[1]) === ftype) value[field[0]] = readValue(input, field[1]);
    else input.skip(ftype);
    input.readFieldEnd();
  }
  input.readStructEnd();
  return value;
}

function readValue(input: TProtocol, type: FieldType): unknown {
  if (typeof type === 'object') {
    if ('struct' in type) return readStruct(input, type.struct);
    if ('list' in type) {
      const { size } = input.readListBegin();
      const items = Array.from({ length: size }, () => readStruct(input, type.list));
      input.readListEnd();
      return items;
    }
    const { size } = input.readMapBegin();
    const entries = Array.from({ length: size }, () => [input.readString(), readStruct(input, type.map)] as const);
    input.readMapEnd();
    return Object.fromEntries(entries);
  }
  switch (type) {
    case 'bool':
      return input.readBool();
    case 'i16':
      return input.readI16();
    case 'i32':
      return input.readI32();
    case 'i64':
      return Number(input.readI64());
    case 'double':
      return input.readDouble();
    case 'string':
      return input.readString();
    case 'binary':
      return input.readBinary();
    case 'stringMap': {
      const { size } = input.readMapBegin();
      const entries = Array.from({ length: size }, () => [input.readString(), input.readString()] as const);
      input.readMapEnd();
      return Object.fromEntries(entries);
    }
    case 'stringList': {
      const { size } = input.readListBegin();
      const items = Array.from({ length: size }, () => input.readString());
      input.readListEnd();
      return items;
    }
  }
}
