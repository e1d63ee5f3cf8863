import type { Message, Requests, RequestType } from '@crossview/jupyter-wire';

/** Answers one kind of request; what it throws becomes an error reply. */
export type Handler<Type extends RequestType> = (
  content: Requests[Type]['request'],
  request: Message,
) => Promise<Requests[Type]['reply']> | Requests[Type]['reply'];

/** One handler for each request there is: a forgotten one does not compile. */
export interface Handlers {
  readonly requests: { readonly [Type in RequestType]: Handler<Type> };
  comm(message: Message): Promise<void>;
  /** What an execution that never ran is answered, because one before it failed. */
  aborted(): Requests['execute_request']['reply'];
  /** Called after a `shutdown_request` was answered. */
  ended(): void;
  /** Called when a first answer went out and the kernel has nothing to do. */
  idle(): void;
}
