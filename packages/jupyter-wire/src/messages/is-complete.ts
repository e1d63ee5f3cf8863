export interface IsCompleteRequest {
  readonly code: string;
}

export type IsCompleteReply =
  | { readonly status: 'complete' | 'invalid' | 'unknown' }
  | { readonly status: 'incomplete'; readonly indent: string };
