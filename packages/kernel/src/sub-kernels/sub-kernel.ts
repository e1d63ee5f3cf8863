import {
  type CellError,
  type CellOutcome,
  type CellOutput,
  type CommMessage,
  CrossviewError,
  type Json,
  type JupyterServerAddress,
} from '@crossview/contracts';
import type { CommContent, JsonObject } from '@crossview/jupyter-wire';
import type { KernelMessage } from '@jupyterlab/services';
import type { KernelHandle } from './kernel-handle.js';
import type { KernelCommand } from './kernel-process.js';
import { relayOutput } from './relay-output.js';
import { bytesOf } from './serializer.js';
import { type OpenComm, ServedComms } from './served-comms.js';
import type { Connected, Connection } from './services.js';

export interface SubExecution {
  readonly code: string;
  readonly silent: boolean;
  readonly storeHistory: boolean;
  readonly userExpressions: Readonly<Record<string, string>>;
  readonly allowStdin: boolean;
  readonly metadata: JsonObject;
  readonly output: CellOutput;
  readonly signal: AbortSignal;
}

/** Outputs may come after their cell ended (threads, timers); so many cells back they still find it. */
const rememberedParents = 256;
const commPatience = 10_000;

type ShellMessage = KernelMessage.IShellMessage<KernelMessage.ShellMessageType>;

/** A Jupyter kernel behind ours. It is started on this host and ends with this process. */
export class SubKernel {
  readonly #outputs = new Map<string, CellOutput>();
  readonly #idle = new Map<string, () => void>();
  readonly #executions = new Set<{ readonly output: CellOutput; lose(): void }>();
  readonly #served = new ServedComms((id, data, buffers) => this.#answerComm(id, data, buffers));
  readonly #comms = new Set<string>();
  /** Told which comms are gone with the kernel. */
  onCommsGone: (ids: readonly string[]) => void = () => {};
  #lastOutput: CellOutput | undefined;
  #lastWords: string | undefined;
  #closing: Promise<void> | undefined;

  private constructor(
    readonly language: string,
    readonly handle: KernelHandle,
    readonly connection: Connection,
    readonly createMessage: typeof KernelMessage.createMessage,
  ) {
    connection.iopubMessage.connect((_, message) => this.#published(message));
    handle.onReturn?.(() => void this.#returned().catch(() => {}));
    void handle.exited.then((lastWords) => {
      this.#lastWords = lastWords;
      connection.dispose();
      this.#served.close();
      for (const idle of this.#idle.values()) idle();
      this.onCommsGone([...this.#comms]);
    });
  }

  /** @throws CrossviewError `SUB_KERNEL_DIED` with its last words when it ends before it answers. */
  static async start(language: string, command: KernelCommand): Promise<SubKernel> {
    // The client library takes some fifty milliseconds to load: not before there is a kernel to talk to.
    const { startLocal, KernelMessage } = await import('./services.js');
    return SubKernel.#ready(language, await startLocal(command), KernelMessage.createMessage);
  }

  /** Starts a kernel on a Jupyter Server. @throws CrossviewError `JUPYTER_SERVER`, `SUB_KERNEL_DIED` */
  static async startOn(language: string, server: JupyterServerAddress, name: string): Promise<SubKernel> {
    const [{ startRemote }, { KernelMessage }] = await Promise.all([
      import('./remote-kernel.js'),
      import('./services.js'),
    ]);
    return SubKernel.#ready(language, await startRemote(server, name), KernelMessage.createMessage);
  }

  static async #ready(
    language: string,
    { handle, connection }: Connected,
    createMessage: typeof KernelMessage.createMessage,
  ): Promise<SubKernel> {
    const kernel = new SubKernel(language, handle, connection, createMessage);
    const died = handle.exited.then(() => Promise.reject(kernel.#died()));
    await Promise.race([connection.info, died]);
    died.catch(() => {});
    return kernel;
  }

  get running(): boolean {
    return this.handle.running && !this.#closing;
  }

  /** Resolves when both the reply and `idle` are here, so that all output came before. */
  async execute(execution: SubExecution): Promise<CellOutcome> {
    const { signal, output } = execution;
    const message = this.#message(
      'execute_request',
      {
        code: execution.code,
        silent: execution.silent,
        store_history: execution.storeHistory,
        user_expressions: execution.userExpressions,
        allow_stdin: execution.allowStdin,
        stop_on_error: false,
      },
      { metadata: execution.metadata },
    );
    this.#remember(message.header.msg_id, output);
    const interrupt = () => void this.interrupt().catch(() => {});
    if (!this.running) throw this.#died();
    const future = this.connection.sendShellMessage(message, true, true);
    future.onStdin = async (request) => {
      if (request.header.msg_type !== 'input_request') return;
      const { prompt, password } = request.content as { prompt: string; password: boolean };
      const value = await output.input(prompt, password).catch(() => undefined);
      if (value !== undefined) this.connection.sendInputReply({ status: 'ok', value }, request.header as never);
    };
    signal.addEventListener('abort', interrupt, { once: true });
    signal.addEventListener('again', interrupt);
    if (signal.aborted) interrupt();
    let lose = () => {};
    const lost = new Promise<never>((_, reject) => {
      lose = () => reject(connectionLost(this.language));
    });
    const running = { output, lose };
    this.#executions.add(running);
    try {
      const reply = await this.#unlessDead(Promise.race([future.done, lost]));
      return outcomeOf(reply.content as unknown as JsonObject);
    } finally {
      this.#executions.delete(running);
      signal.removeEventListener('abort', interrupt);
      signal.removeEventListener('again', interrupt);
    }
  }

  /** Asks anything else that a shell request can; gives the reply's content. */
  async request(type: KernelMessage.ShellMessageType, content: JsonObject): Promise<JsonObject> {
    if (!this.running) throw this.#died();
    const future = this.connection.sendShellMessage(this.#message(type, content), true, true);
    const reply = await this.#unlessDead(future.done);
    return reply.content as unknown as JsonObject;
  }

  /** Whether this kernel has a comm of this id with the front end. */
  hasComm(id: string): boolean {
    return this.#comms.has(id);
  }

  /** Hands a comm message on and waits until the kernel has dealt with it, or long enough. */
  async comm(message: CommMessage, output: CellOutput): Promise<void> {
    if (!this.running) return;
    const sent = this.#message(message.type, message.content as JsonObject, {
      metadata: message.metadata as JsonObject,
      buffers: message.buffers,
    });
    const id = sent.header.msg_id;
    if (message.type === 'comm_open') this.#comms.add(message.content.comm_id);
    if (message.type === 'comm_close') this.#comms.delete(message.content.comm_id);
    this.#remember(id, output);
    const idle = new Promise<void>((resolve) => {
      this.#idle.set(id, resolve);
      setTimeout(resolve, commPatience).unref();
    });
    try {
      this.connection.sendShellMessage(sent, false, true);
      await idle;
    } catch (error) {
      // A message that cannot be sent must not be missing without a word.
      output.stream('stderr', `${error instanceof Error ? error.message : String(error)}\n`);
    } finally {
      this.#idle.delete(id);
    }
  }

  /** The programming language that the kernel says it has. */
  async programmingLanguage(): Promise<string> {
    return (await this.connection.info).language_info.name;
  }

  /** Answers the comms of a target here: they are no matter of the front end. */
  serveComm(target: string, open: OpenComm): void {
    this.#served.serve(target, open);
  }

  interrupt(): Promise<void> {
    return this.handle.interrupt();
  }

  /** May be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.handle.close();
    return this.#closing;
  }

  /**
   * After a connection that had dropped. Requests are answered in order: when one that is sent now has its answer, those
   * before it that have none never will.
   */
  async #returned(): Promise<void> {
    const running = [...this.#executions];
    for (const { output } of running)
      output.stream(
        'stderr',
        'The connection to the kernel dropped and is back; output of that moment may be missing.\n',
      );
    if (running.length === 0) return;
    await this.request('kernel_info_request', {});
    for (const execution of running) if (this.#executions.has(execution)) execution.lose();
  }

  #published(message: KernelMessage.IIOPubMessage): void {
    const parent = (message.parent_header as { msg_id?: string }).msg_id ?? '';
    const type = message.header.msg_type as string;
    if (type === 'status') {
      const { execution_state: state } = message.content as { execution_state: string };
      if (state === 'idle') this.#idle.get(parent)?.();
      return;
    }
    const comm = type.startsWith('comm_') ? commMessage(message) : undefined;
    if (comm && this.#served.took(comm)) return;
    const output = this.#outputs.get(parent) ?? this.#lastOutput;
    if (!output) return;
    if (comm) {
      if (comm.type === 'comm_close') this.#comms.delete(comm.content.comm_id);
      else this.#comms.add(comm.content.comm_id);
      output.comm?.(comm, this.language);
      return;
    }
    relayOutput(type, message.content as unknown as JsonObject, output);
  }

  #remember(id: string, output: CellOutput): void {
    this.#outputs.set(id, output);
    this.#lastOutput = output;
    const [oldest] = this.#outputs.keys();
    if (this.#outputs.size > rememberedParents && oldest !== undefined) this.#outputs.delete(oldest);
  }

  /** On the control channel: the shell channel is not read while the cell runs that waits for the answer. */
  #answerComm(id: string, data: Json, buffers: readonly Uint8Array[]): void {
    if (!this.running) return;
    const content = { comm_id: id, data };
    const message = this.#message('comm_msg', content, { buffers, channel: 'control' });
    this.connection.sendControlMessage(message as never, false, true);
  }

  #message(
    type: string,
    content: JsonObject,
    extras: { metadata?: JsonObject; buffers?: readonly Uint8Array[]; channel?: 'shell' | 'control' } = {},
  ): ShellMessage {
    return this.createMessage({
      msgType: type,
      channel: extras.channel ?? 'shell',
      session: this.connection.clientId,
      username: 'crossview',
      content,
      metadata: extras.metadata ?? {},
      buffers: extras.buffers ?? [],
    } as never) as unknown as ShellMessage;
  }

  async #unlessDead<Value>(answer: Promise<Value>): Promise<Value> {
    const died = this.handle.exited.then(() => Promise.reject(this.#died()));
    try {
      return await Promise.race([answer, died]);
    } catch (error) {
      // Disposing the connection cancels what waits on it; the reason is that the kernel died.
      throw this.#lastWords === undefined ? error : this.#died();
    } finally {
      died.catch(() => {});
      answer.catch(() => {});
    }
  }

  #died(): CrossviewError {
    const lastWords = this.#lastWords ?? '';
    return new CrossviewError('SUB_KERNEL_DIED', `The ${this.language} process ended. Its last words: ${lastWords}`, {
      hint: 'The next cell in this language starts a new one; its variables are lost.',
      facts: { language: this.language, lastWords },
    });
  }
}

function commMessage(message: KernelMessage.IIOPubMessage): CommMessage {
  return {
    type: message.header.msg_type as string as CommMessage['type'],
    content: message.content as unknown as CommContent,
    metadata: message.metadata as unknown as Json,
    buffers: (message.buffers ?? []).map(bytesOf),
  };
}

function connectionLost(language: string): CrossviewError {
  return new CrossviewError(
    'CONNECTION_LOST',
    `The connection to the ${language} kernel dropped, and this cell’s answer with it`,
    {
      hint: 'The kernel is there and has its variables; whether the cell ran is not known. Look, and run it again if need be.',
      facts: { language },
    },
  );
}

function outcomeOf(content: JsonObject): CellOutcome {
  if (content.status === 'ok')
    return { status: 'ok', userExpressions: content.user_expressions ?? {}, payload: content.payload ?? [] };
  if (content.status !== 'error') return { status: 'aborted' };
  const error: CellError = {
    status: 'error',
    name: String(content.ename ?? 'Error'),
    value: String(content.evalue ?? ''),
    traceback: Array.isArray(content.traceback) ? content.traceback.map(String) : [],
  };
  return error;
}
