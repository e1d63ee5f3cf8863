/** Facts about a failure that a program may read: names, numbers, states. Never a secret. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface CrossviewErrorOptions {
  /** What the reader can do now, one or two sentences. */
  readonly hint?: string | undefined;
  readonly facts?: ErrorFacts | undefined;
  readonly cause?: unknown;
}

/**
 * The base of every error that a user may see. `code` is a literal that never changes once released
 * (`VIEW_NOT_FOUND`), `message` says what happened and to which thing, `hint` says what to do.
 * Programs branch on `code` and `facts`, never on the text.
 */
export class CrossviewError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly facts: ErrorFacts;

  constructor(code: string, message: string, options: CrossviewErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint;
    this.facts = options.facts ?? {};
  }

  /** Plain values, for comparing in tests and for crossing a process border. */
  toJSON(): { code: string; message: string; hint?: string; facts: ErrorFacts } {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      facts: this.facts,
    };
  }
}
