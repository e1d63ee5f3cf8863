import { CrossviewError } from '@crossview/contracts';
import {
  type ConnectionInfo,
  createSigner,
  decodeHead,
  decodeMessage,
  type FailureReply,
  isRequestType,
  type Message,
  type Requests,
  type RequestType,
  readRequest,
  replyType,
} from '@crossview/jupyter-wire';
import { ExecutionQueue } from '../cell/execution-queue.js';
import { toFailure } from '../cell/to-jupyter-error.js';
import { bindFront } from '../zeromq/front-sockets.js';
import type { Handlers } from './handlers.js';
import { Publisher } from './publisher.js';
import { InputRequests } from './stdin.js';

export interface Front {
  readonly publisher: Publisher;
  readonly inputs: InputRequests;
  /** Starts to answer. */
  serve(handlers: Handlers): void;
  /** May be called twice. */
  close(): Promise<void>;
}

const commTypes = ['comm_open', 'comm_msg', 'comm_close'];
const lastAnswerMilliseconds = 1000;
type RequestChannel = 'shell' | 'control';

/**
 * The kernel's side of a connection file: shell requests one after the other, control requests at once.
 * A message that does not verify is dropped and never answered.
 */
export async function openFront(connection: ConnectionInfo): Promise<Front> {
  const sockets = await bindFront(connection);
  const signer = createSigner(connection.key);
  const publisher = new Publisher(sockets, signer);
  const inputs = new InputRequests(publisher);
  const queue = new ExecutionQueue();

  const decode = (frames: Uint8Array[]): Message | undefined => {
    try {
      return decodeMessage(frames, signer);
    } catch (error) {
      if (error instanceof CrossviewError) return undefined;
      throw error;
    }
  };

  /** Busy always meets idle, whatever happens between. */
  const busy = async (message: Message, work: () => Promise<void> | void): Promise<void> => {
    publisher.publish('status', { execution_state: 'busy' }, message.header);
    try {
      await work();
    } finally {
      publisher.publish('status', { execution_state: 'idle' }, message.header);
    }
  };

  const answer = async <Type extends RequestType>(
    handlers: Handlers,
    type: Type,
    message: Message,
  ): Promise<Requests[Type]['reply'] | FailureReply> => {
    try {
      return await handlers.requests[type](readRequest(type, message.content), message);
    } catch (error) {
      return toFailure(error);
    }
  };

  const unknown = (type: string): FailureReply =>
    toFailure(
      new CrossviewError('MESSAGE_UNKNOWN', `This kernel does not answer ${type}`, {
        hint: 'It answers the requests of Jupyter messaging 5.4; it has no debugger and no subshells.',
        facts: { type },
      }),
    );

  const serveOne = async (handlers: Handlers, channel: RequestChannel, message: Message): Promise<void> => {
    const type = message.header.msg_type;
    let abortWaiting: (() => Promise<void>) | undefined;
    await busy(message, async () => {
      if (commTypes.includes(type)) return handlers.comm(message).catch(() => {});
      const reply = isRequestType(type) ? await answer(handlers, type, message) : unknown(type);
      const failed = type === 'execute_request' && reply.status === 'error';
      if (failed && message.content.stop_on_error !== false) abortWaiting = await queue.takeWaiting();
      publisher.send(channel, replyType(type), reply, message);
      if (type === 'shutdown_request')
        publisher.publish('shutdown_reply', reply as Requests['shutdown_request']['reply'], message.header);
    });
    await abortWaiting?.();
    if (type === 'shutdown_request') handlers.ended();
  };

  /** A request that verifies and cannot be read is answered: whoever sent it waits. */
  const refuse = (channel: RequestChannel, frames: Uint8Array[]) => {
    const head = decodeHead(frames, signer);
    if (!head?.header.msg_type.endsWith('_request')) return;
    const failure = new CrossviewError('MESSAGE_INVALID', `A ${head.header.msg_type} cannot be read`, {
      hint: 'Its content is not JSON in UTF-8.',
    });
    void busy(head, () => publisher.send(channel, replyType(head.header.msg_type), toFailure(failure), head));
  };

  const abort = (handlers: Handlers, message: Message) =>
    busy(message, () => publisher.send('shell', 'execute_reply', handlers.aborted(), message));

  const isForUs = (type: string) => type.endsWith('_request') || commTypes.includes(type);

  return {
    publisher,
    inputs,
    serve(handlers) {
      sockets.listen({
        shell(frames) {
          const message = decode(frames);
          if (!message) return refuse('shell', frames);
          if (!isForUs(message.header.msg_type)) return;
          queue.push({
            run: () => serveOne(handlers, 'shell', message).then(() => queue.waiting === 0 && handlers.idle()),
            ...(message.header.msg_type === 'execute_request' ? { abort: () => abort(handlers, message) } : {}),
          });
        },
        control(frames) {
          const message = decode(frames);
          if (!message) return refuse('control', frames);
          if (isForUs(message.header.msg_type)) void serveOne(handlers, 'control', message);
        },
        stdin(frames) {
          const message = decode(frames);
          if (message) inputs.answered(message);
        },
        welcome: (topic) => publisher.welcome(topic),
      });
      publisher.publish('status', { execution_state: 'starting' }, {});
    },
    async close() {
      // The cell that was stopped by closing is answered before the sockets go.
      await Promise.race([queue.settled(), new Promise((resolve) => setTimeout(resolve, lastAnswerMilliseconds))]);
      await sockets.close();
    },
  };
}
