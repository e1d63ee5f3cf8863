import { CrossviewError } from '@crossview/contracts';
import { type Data, Field, type RecordBatch, Schema, Utf8 } from 'apache-arrow';
import type { SourceColumn } from '../columns/column.js';
import { batchOf, buildColumn } from '../values/build-column.js';

export interface AdditionalColumn {
  readonly name: string;
  /** The same text in every row, or `$$COLUMN:name` for a copy of a column. */
  readonly value: string;
}

/** `additionalColumns` of a source: columns behind those of the query. */
export class AdditionalColumns {
  readonly columns: readonly SourceColumn[];
  readonly #schema: Schema;
  readonly #origins: readonly (number | string)[];
  readonly #constants = new Map<string, Data>();

  /** @throws CrossviewError `COPY_MAPPING_INVALID` for `$$COLUMN:` with a name that the query does not have. */
  constructor(source: readonly SourceColumn[], additional: readonly AdditionalColumn[]) {
    this.#origins = additional.map(({ name, value }) => {
      const wanted = /^\$\$COLUMN:(.*)$/i.exec(value)?.[1];
      if (wanted === undefined) return value;
      const at = source.findIndex((column) => column.name === wanted);
      if (at < 0)
        throw new CrossviewError(
          'COPY_MAPPING_INVALID',
          `additional column ${name}: the source has no column ${wanted}`,
          {
            hint: `The source has ${source.map((column) => column.name).join(', ')}.`,
            facts: { column: wanted },
          },
        );
      return at;
    });
    this.columns = [
      ...source,
      ...additional.map(({ name }, index): SourceColumn => {
        const origin = this.#origins[index];
        return typeof origin === 'number'
          ? { ...source[origin]!, name }
          : { name, sparkType: 'string', kind: 'string', interim: 'String', arrow: new Utf8() };
      }),
    ];
    this.#schema = new Schema(this.columns.map(({ name, arrow }) => new Field(name, arrow, true)));
  }

  append(batch: RecordBatch): RecordBatch {
    if (this.#origins.length === 0) return batch;
    const more = this.#origins.map((origin) =>
      typeof origin === 'number' ? batch.data.children[origin]! : this.#constant(origin, batch.numRows),
    );
    return batchOf(this.#schema, [...batch.data.children, ...more], batch.numRows);
  }

  /** Batches mostly have one length, so the column is made once. */
  #constant(text: string, rows: number): Data {
    const known = this.#constants.get(text);
    if (known?.length === rows) return known;
    const made = buildColumn(
      new Utf8(),
      Array.from({ length: rows }, () => text),
    );
    this.#constants.set(text, made);
    return made;
  }
}
