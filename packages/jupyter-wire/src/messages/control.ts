export interface ShutdownRequest {
  readonly restart: boolean;
}

export interface ShutdownReply {
  readonly status: 'ok';
  readonly restart: boolean;
}

export type InterruptRequest = Record<string, never>;

export interface InterruptReply {
  readonly status: 'ok';
}
