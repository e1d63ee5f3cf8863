// The thread that encodes Parquet: it holds no Arrow and no Thrift of its own, so that its garbage is soon collected.
import { parentPort } from 'node:worker_threads';
import { sharedColumns } from './column-values.js';
import { ParquetEncoder } from './encoder.js';
import type { EncoderAnswer, EncoderRequest } from './encoder-messages.js';

const files = new Map<number, Promise<ParquetEncoder>>();
const port = parentPort!;

async function handle(message: EncoderRequest): Promise<number> {
  if (message.kind === 'open') {
    const opening = ParquetEncoder.create(message.path, message.columns, message.codec);
    files.set(message.file, opening);
    await opening;
    return 0;
  }
  const opened = files.get(message.file);
  if (message.kind === 'close') {
    files.delete(message.file);
    const encoder = await opened?.catch(() => undefined);
    await encoder?.close();
    return 0;
  }
  if (opened === undefined) throw new Error('the file was closed before');
  const encoder = await opened;
  if (message.kind === 'finish') {
    const bytes = await encoder.finish();
    files.delete(message.file);
    return bytes;
  }
  await encoder.append(sharedColumns(message.memory, message.places), message.rows);
  return 0;
}

port.on('message', (message: EncoderRequest) => {
  const { request } = message;
  handle(message).then(
    (bytes) => port.postMessage({ request, bytes } satisfies EncoderAnswer),
    (error: NodeJS.ErrnoException) =>
      port.postMessage({
        request,
        error: { message: error.message, ...(error.code === undefined ? {} : { code: error.code }) },
      } satisfies EncoderAnswer),
  );
});
