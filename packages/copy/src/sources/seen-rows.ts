import { createHash } from 'node:crypto';
import type { FetchedRows } from '../thrift/row-set.js';

/**
 * Remembers what every full batch of a result was, so that a query that has to be asked again can be compared with itself:
 * a result goes on where it ended only when its beginning is the same, whatever the query says about order.
 */
export class SeenRows {
  readonly #digests: string[] = [];
  #at = 0;

  /** A new result begins. */
  begin(): void {
    this.#at = 0;
  }

  /** @returns `new` for rows beyond those that were seen, `same` or `other` for those that should have been. */
  judge(fetched: FetchedRows): 'new' | 'same' | 'other' {
    const digest = digestOf(fetched);
    const seen = this.#digests[this.#at];
    this.#at += 1;
    if (seen === undefined) {
      this.#digests.push(digest);
      return 'new';
    }
    return seen === digest ? 'same' : 'other';
  }

  /** Whether a result that has ended held all rows that were seen. */
  get complete(): boolean {
    return this.#at >= this.#digests.length;
  }
}

/** SHA-1 is for telling apart here, not for safety: 1 GB/s where rows come at 30 MB/s. */
function digestOf({ columns, rows }: FetchedRows): string {
  const hash = createHash('sha1').update(`${rows}`);
  for (const { kind, bytes, nulls } of columns) hash.update(`,${kind},${bytes.length},`).update(bytes).update(nulls);
  return hash.digest('base64');
}
