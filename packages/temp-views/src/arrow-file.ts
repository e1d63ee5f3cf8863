import { type FileHandle, open } from 'node:fs/promises';
import { CrossviewError } from '@crossview/contracts';
import { Message, type Schema } from 'apache-arrow';

/** What a stream file says about itself, without its rows having been read. */
export interface ArrowFileFacts {
  readonly rows: number;
  readonly batches: number;
  readonly bytes: number;
  /** `undefined` when the schema has a type that apache-arrow does not know; other languages may still know it. */
  readonly schema: Schema | undefined;
}

const continuation = 0xffffffff;

/**
 * Walks the messages of an Arrow IPC stream file and skips their bodies, so that gigabytes cost milliseconds.
 * Encapsulated message format: Arrow columnar format, section "Encapsulated message format".
 * @throws CrossviewError `VIEW_DATA_INVALID` when the file is no Arrow stream or ends in the middle of one.
 */
export async function inspectArrowFile(path: string): Promise<ArrowFileFacts> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw invalid(path, 'it cannot be opened', cause);
  });
  try {
    const { size } = await file.stat();
    return await walk(file, path, size);
  } finally {
    await file.close();
  }
}

async function walk(file: FileHandle, path: string, size: number): Promise<ArrowFileFacts> {
  let position = 0;
  let rows = 0;
  let batches = 0;
  let schema: Schema | undefined;
  let first = true;
  for (;;) {
    const length = await messageLength(file, position);
    if (length === undefined) break;
    const start = position + length.prefix;
    if (start + length.metadata > size) throw invalid(path, 'it ends in the middle of a message');
    const message = decode(await bytesAt(file, start, length.metadata), path);
    if (first && !message.isSchema()) throw invalid(path, 'it does not begin with a schema');
    if (message.isSchema()) schema = quietly(() => message.header() as Schema);
    if (message.isRecordBatch()) {
      rows += message.header().length;
      batches += 1;
    }
    first = false;
    position = start + length.metadata + message.bodyLength;
    if (position > size) throw invalid(path, 'it ends in the middle of a record batch');
  }
  if (first) throw invalid(path, 'it is empty');
  return { rows, batches, bytes: size, schema };
}

/** `undefined` at the end of the stream, said by a mark or by the end of the file. */
async function messageLength(
  file: FileHandle,
  position: number,
): Promise<{ prefix: number; metadata: number } | undefined> {
  const head = await bytesAt(file, position, 8);
  if (head.byteLength < 4) return undefined;
  const word = head.readUInt32LE(0);
  // Files from before Arrow 0.15 have no continuation mark in front of the length.
  const metadata = word === continuation ? (head.byteLength < 8 ? 0 : head.readUInt32LE(4)) : word;
  return metadata === 0 ? undefined : { prefix: word === continuation ? 8 : 4, metadata };
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function decode(metadata: Buffer, path: string): Message {
  try {
    return Message.decode(metadata);
  } catch (cause) {
    throw invalid(path, 'it holds bytes that are no Arrow message', cause);
  }
}

function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function invalid(path: string, reason: string, cause?: unknown): CrossviewError {
  return new CrossviewError('VIEW_DATA_INVALID', `${path} is no complete Arrow stream file: ${reason}.`, {
    hint: 'Write each part as an Arrow IPC stream and close it before the view is published.',
    facts: { path },
    cause,
  });
}
