import type { Duplex } from 'node:stream';

/**
 * Writes and waits for room.
 * @returns whether the stream is done with the bytes
 * @throws Error when the client is gone
 */
export async function send(stream: Duplex, bytes: Uint8Array): Promise<boolean> {
  if (stream.destroyed) throw new Error('the client is gone');
  if (stream.write(bytes)) return false;
  await new Promise<void>((resolve, reject) => {
    const end = (error?: Error) => {
      stream.off('drain', onDrain);
      stream.off('close', onClose);
      if (error) reject(error);
      else resolve();
    };
    const onDrain = () => end();
    const onClose = () => end(new Error('the client is gone'));
    stream.once('drain', onDrain);
    stream.once('close', onClose);
  });
  return true;
}
