import { type CellOutput, type CommMessage, CrossviewError, type Json, type MimeBundle } from '@crossview/contracts';
import type { JsonObject, Message, Publications } from '@crossview/jupyter-wire';
import type { Publisher } from '../front/publisher.js';
import type { InputRequests } from '../front/stdin.js';

const object = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

export interface OutputOptions {
  readonly publisher: Publisher;
  readonly request: Message;
  readonly executionCount: number;
  readonly allowStdin: boolean;
  readonly inputs: InputRequests;
  readonly signal: AbortSignal;
  /** Takes secrets out of what is shown. */
  redact<Value>(value: Value): Value;
  onResult?(data: MimeBundle): void;
  onComm?(message: CommMessage, language: string): void;
}

/** Outputs as IOPub messages under the request that asked for the cell. */
export class MessageOutput implements CellOutput {
  readonly #options: OutputOptions;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  stream(name: 'stdout' | 'stderr', text: string): void {
    if (text !== '') this.#publish('stream', { name, text });
  }

  display(data: MimeBundle, { metadata, displayId }: { metadata?: Json; displayId?: string } = {}): void {
    const transient: JsonObject = displayId === undefined ? {} : { display_id: displayId };
    this.#publish('display_data', { data, metadata: object(metadata), transient });
  }

  updateDisplay(displayId: string, data: MimeBundle, metadata?: Json): void {
    this.#publish('update_display_data', { data, metadata: object(metadata), transient: { display_id: displayId } });
  }

  result(data: MimeBundle, metadata?: Json): void {
    this.#options.onResult?.(data);
    const { executionCount } = this.#options;
    this.#publish('execute_result', { execution_count: executionCount, data, metadata: object(metadata) });
  }

  clear(wait: boolean): void {
    this.#publish('clear_output', { wait });
  }

  async input(prompt: string, password: boolean): Promise<string> {
    const { allowStdin, inputs, request, signal } = this.#options;
    if (!allowStdin)
      throw new CrossviewError('STDIN_NOT_ALLOWED', 'This front end cannot be asked for input', {
        hint: 'Run the notebook where somebody sits, or give the value as a parameter.',
      });
    return inputs.ask(request, prompt, password, signal);
  }

  comm(message: CommMessage, language: string): void {
    const { publisher, request, onComm } = this.#options;
    onComm?.(message, language);
    publisher.publish(message.type, message.content, request.header, {
      metadata: object(message.metadata),
      buffers: message.buffers,
    });
  }

  #publish<Type extends keyof Publications>(type: Type, content: Publications[Type]): void {
    const { publisher, redact, request } = this.#options;
    publisher.publish(type, redact(content), request.header);
  }
}
