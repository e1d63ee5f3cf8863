import { Worker } from 'node:worker_threads';
import type { EncoderAnswer, EncoderRequest } from './encoder-messages.js';

interface Waiting {
  readonly resolve: (bytes: number) => void;
  readonly reject: (error: Error) => void;
}

type WithoutNumber<T> = T extends unknown ? Omit<T, 'request'> : never;

let worker: Worker | undefined;
let requests = 0;
const waiting = new Map<number, Waiting>();

/**
 * Asks the thread that encodes; it is started with the first file and shared by all. It keeps the process alive only while an
 * answer is due.
 * @returns bytes of the file when it is finished.
 * @throws Error with the `code` of the file system; `ERR_WORKER_*` when the thread itself died.
 */
export function askEncoder(request: WithoutNumber<EncoderRequest>): Promise<number> {
  worker ??= start();
  requests += 1;
  const number = requests;
  const answer = new Promise<number>((resolve, reject) => waiting.set(number, { resolve, reject }));
  if (waiting.size === 1) worker.ref();
  worker.postMessage({ ...request, request: number });
  return answer;
}

function start(): Worker {
  const started = new Worker(new URL('./encoder-thread.js', import.meta.url), { execArgv: [] });
  const end = (error: Error) => {
    if (worker === started) worker = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  started.on('message', (answer: EncoderAnswer) => {
    const waiter = waiting.get(answer.request);
    waiting.delete(answer.request);
    if (waiting.size === 0) started.unref();
    if ('error' in answer) waiter?.reject(Object.assign(new Error(answer.error.message), answer.error));
    else waiter?.resolve(answer.bytes);
  });
  started.on('error', end);
  started.on('exit', (code) => end(new Error(`the thread that encodes Parquet ended (exit code ${code})`)));
  started.unref();
  return started;
}
