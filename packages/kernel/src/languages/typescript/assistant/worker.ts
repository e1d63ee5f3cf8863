// A thread for the language service: its first answer takes a second or two, and Stop must not wait for it.
import { parentPort } from 'node:worker_threads';
import { CellAssistant } from './language-service.js';
import type { AssistantRequest } from './requests.js';

const assistant = new CellAssistant(process.cwd());

parentPort?.on('message', (request: AssistantRequest) => {
  if (request.kind === 'remember') {
    assistant.remember(request.code);
    return;
  }
  const { id, code, cursor } = request;
  let answer: unknown = null;
  try {
    answer = request.kind === 'complete' ? assistant.complete(code, cursor) : assistant.inspect(code, cursor);
  } catch (error) {
    // Nothing to suggest is better than an error under the user's fingers.
    if (process.env.CROSSVIEW_DEBUG) console.error(error);
  }
  parentPort?.postMessage({ id, answer: answer ?? null });
});
