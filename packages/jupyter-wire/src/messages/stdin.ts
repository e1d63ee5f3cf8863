/** From the kernel to the front end. */
export interface InputRequest {
  readonly prompt: string;
  readonly password: boolean;
}

export interface InputReply {
  readonly value: string;
}
