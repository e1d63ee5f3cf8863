import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedBytes, NotEnoughBytes } from '../bytes/not-enough-bytes.js';
import { readValue } from '../types/read-value.js';
import { readTypeInfo, type TypeInfo, writeTypeInfo } from '../types/type-info.js';
import type { TdsValue } from '../types/value.js';
import { writeValue } from '../types/write-value.js';
import { afterHeaders, writeHeaders } from './all-headers.js';

/** Procedures called by number (MS-TDS 2.2.6.6, ProcID). */
export const procedureNames: ReadonlyMap<number, string> = new Map([
  [1, 'sp_cursor'],
  [2, 'sp_cursoropen'],
  [3, 'sp_cursorprepare'],
  [4, 'sp_cursorexecute'],
  [5, 'sp_cursorprepexec'],
  [6, 'sp_cursorunprepare'],
  [7, 'sp_cursorfetch'],
  [8, 'sp_cursoroption'],
  [9, 'sp_cursorclose'],
  [10, 'sp_executesql'],
  [11, 'sp_prepare'],
  [12, 'sp_execute'],
  [13, 'sp_prepexec'],
  [14, 'sp_prepexecrpc'],
  [15, 'sp_unprepare'],
]);

export interface RpcParameter {
  /** With its `@`, or empty for a parameter given by position. */
  readonly name: string;
  readonly output: boolean;
  /** The procedure's default is asked for. */
  readonly useDefault: boolean;
  readonly type: TypeInfo;
  readonly value: TdsValue;
}

export interface RpcCall {
  readonly procedure: string;
  /** fNoMetaData: the client knows the columns and wants rows only. */
  readonly withoutMetadata: boolean;
  readonly parameters: readonly RpcParameter[];
}

const batchSeparators = [0x80, 0xff, 0xfe];

/** MS-TDS 2.2.6.6. One message may hold several calls. @throws MalformedBytes */
export function readRpcRequest(body: Uint8Array): readonly RpcCall[] {
  const reader = afterHeaders(body);
  const calls: RpcCall[] = [];
  try {
    while (reader.remaining > 0) {
      const length = reader.uint16();
      let procedure: string;
      if (length === 0xffff) {
        const id = reader.uint16();
        const name = procedureNames.get(id);
        if (!name) throw new MalformedBytes(`no procedure has the number ${id}`);
        procedure = name;
      } else procedure = reader.text(length);
      const flags = reader.uint16();
      const parameters: RpcParameter[] = [];
      while (reader.remaining > 0 && !batchSeparators.includes(reader.peek())) {
        const name = reader.shortText();
        const status = reader.uint8();
        const type = readTypeInfo(reader);
        const value = readValue(reader, type);
        parameters.push({ name, output: (status & 1) !== 0, useDefault: (status & 2) !== 0, type, value });
      }
      if (reader.remaining > 0) reader.uint8();
      calls.push({ procedure, withoutMetadata: (flags & 2) !== 0, parameters });
    }
  } catch (error) {
    if (error instanceof NotEnoughBytes) throw new MalformedBytes('an RPC request ends inside a value');
    throw error;
  }
  return calls;
}

export function writeRpcRequest(call: RpcCall): Uint8Array {
  const writer = new ByteWriter(512);
  writeHeaders(writer);
  writer.longText(call.procedure).uint16(call.withoutMetadata ? 2 : 0);
  for (const parameter of call.parameters) {
    writer.shortText(parameter.name).uint8((parameter.output ? 1 : 0) | (parameter.useDefault ? 2 : 0));
    writeTypeInfo(writer, parameter.type);
    writeValue(writer, parameter.type, parameter.value);
  }
  return writer.flush();
}
