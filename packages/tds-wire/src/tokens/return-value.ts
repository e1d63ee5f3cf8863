import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { readValue } from '../types/read-value.js';
import { readTypeInfo, type TypeInfo, writeTypeInfo } from '../types/type-info.js';
import type { TdsValue } from '../types/value.js';
import { writeValue } from '../types/write-value.js';
import { Token } from './token.js';

/** The value of an OUTPUT parameter. */
export interface ReturnValue {
  readonly ordinal: number;
  readonly name: string;
  readonly type: TypeInfo;
  readonly value: TdsValue;
}

/** RETURNVALUE (MS-TDS 2.2.7.18). */
export function writeReturnValue(writer: ByteWriter, returned: ReturnValue): void {
  writer.uint8(Token.returnValue).uint16(returned.ordinal).shortText(returned.name).uint8(1).uint32(0).uint16(0);
  writeTypeInfo(writer, returned.type);
  writeValue(writer, returned.type, returned.value);
}

/** After the token byte. */
export function readReturnValue(reader: ByteReader): ReturnValue {
  const ordinal = reader.uint16();
  const name = reader.shortText();
  reader.uint8();
  reader.uint32();
  reader.uint16();
  const type = readTypeInfo(reader);
  return { ordinal, name, type, value: readValue(reader, type) };
}

/** RETURNSTATUS (MS-TDS 2.2.7.16): what a procedure returned, 0 for success. */
export function writeReturnStatus(writer: ByteWriter, status: number): void {
  writer.uint8(Token.returnStatus).int32(status);
}
