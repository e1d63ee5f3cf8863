import type { CommInfoReply, CommInfoRequest } from './comm.js';
import type { CompleteReply, CompleteRequest } from './complete.js';
import type { InterruptReply, InterruptRequest, ShutdownReply, ShutdownRequest } from './control.js';
import type { ErrorContent, ExecuteReply, ExecuteRequest } from './execute.js';
import type { HistoryReply, HistoryRequest } from './history.js';
import type { InspectReply, InspectRequest } from './inspect.js';
import type { IsCompleteReply, IsCompleteRequest } from './is-complete.js';
import type { KernelInfoReply, KernelInfoRequest } from './kernel-info.js';

/** Every request that a kernel answers, with what it asks and what it is answered. */
export interface Requests {
  kernel_info_request: { request: KernelInfoRequest; reply: KernelInfoReply };
  execute_request: { request: ExecuteRequest; reply: ExecuteReply };
  complete_request: { request: CompleteRequest; reply: CompleteReply };
  inspect_request: { request: InspectRequest; reply: InspectReply };
  is_complete_request: { request: IsCompleteRequest; reply: IsCompleteReply };
  history_request: { request: HistoryRequest; reply: HistoryReply };
  comm_info_request: { request: CommInfoRequest; reply: CommInfoReply };
  shutdown_request: { request: ShutdownRequest; reply: ShutdownReply };
  interrupt_request: { request: InterruptRequest; reply: InterruptReply };
}

export type RequestType = keyof Requests;

/** What any request may be answered with instead. */
export type FailureReply = { readonly status: 'error' } & ErrorContent;

/** The reply's type follows from the request's, so that no handler can name the wrong one. */
export function replyType(request: string): string {
  return request.endsWith('_request') ? `${request.slice(0, -'_request'.length)}_reply` : `${request}_reply`;
}
