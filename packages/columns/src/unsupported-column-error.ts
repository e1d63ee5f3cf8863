import { CrossviewError } from '@crossview/contracts';

/** A column of a type that the other side does not have. `facts.column` is its path: `address.geo`. */
export class UnsupportedColumnError extends CrossviewError {
  constructor(column: string, type: string, target: string, hint: string) {
    super('COLUMN_TYPE_UNSUPPORTED', `Column "${column}" has the type ${type}, which ${target} does not have.`, {
      hint,
      facts: { column, type, target },
    });
  }
}
