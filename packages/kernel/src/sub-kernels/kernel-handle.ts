/** A running kernel, wherever it runs, besides the connection to it. */
export interface KernelHandle {
  /** Resolves with its last words when it is gone. */
  readonly exited: Promise<string>;
  readonly running: boolean;
  /** Called when the connection is back that had dropped; what was sent meanwhile may be lost. */
  onReturn?(listener: () => void): void;
  /** Interrupts what runs, once. */
  interrupt(): Promise<void>;
  /** Ends it. May be called twice. */
  close(): Promise<void>;
}
