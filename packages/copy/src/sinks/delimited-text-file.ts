import { createWriteStream, type WriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createDeflate, createGzip } from 'node:zlib';
import type { RecordBatch } from 'apache-arrow';
import type { DelimitedTextFormat } from '../documents/datasets.js';
import { cellText } from '../values/cell-text.js';
import { columnReader, scaleOf } from '../values/column-values.js';
import type { GrowingFile } from './file-sink.js';
import type { SinkColumn, SinkInput } from './sink.js';

/** Writes rows as text, as the DelimitedText dataset says. */
export class DelimitedTextFile implements GrowingFile {
  readonly #into: PassThrough;
  readonly #out: WriteStream;
  readonly #done: Promise<void>;

  constructor(
    readonly path: string,
    readonly input: SinkInput,
    readonly format: DelimitedTextFormat,
    readonly quoteAllText: boolean,
  ) {
    this.#into = new PassThrough({ highWaterMark: 1024 * 1024 });
    this.#out = createWriteStream(path, { mode: 0o600 });
    const compressor =
      format.codec === 'gzip' ? createGzip() : format.codec === 'deflate' ? createDeflate() : undefined;
    this.#done = compressor ? pipeline(this.#into, compressor, this.#out) : pipeline(this.#into, this.#out);
    this.#done.catch(() => undefined);
    if (format.byteOrderMark) this.#into.write('\uFEFF', format.encoding);
    if (format.header)
      this.#into.write(this.#line(input.columns.map(({ name }) => this.#quoted(name))), format.encoding);
  }

  async append(batch: RecordBatch): Promise<void> {
    const { columns, timeZone } = this.input;
    const readers = columns.map((column, index) => this.#cellReader(column, batch, index, timeZone));
    let text = '';
    for (let row = 0; row < batch.numRows; row += 1) {
      const cells: string[] = [];
      for (const read of readers) cells.push(read(row));
      text += this.#line(cells);
    }
    if (!this.#into.write(text, this.format.encoding))
      await Promise.race([new Promise((resolve) => this.#into.once('drain', resolve)), this.#done]);
  }

  #cellReader({ interim }: SinkColumn, batch: RecordBatch, index: number, timeZone: string): (row: number) => string {
    const data = batch.data.children[index]!;
    const read = columnReader(data);
    const scale = scaleOf(data.type);
    const { nullValue } = this.format;
    return (row) => {
      const value = read(row);
      if (value === null) return nullValue;
      const text = cellText(value, interim, scale, { timeZone });
      return interim === 'String' ? this.#quoted(text, true) : this.#quoted(text);
    };
  }

  /** Text that would be read as something else stands in quotes: delimiters, quotes, line ends, and what looks like NULL. */
  #quoted(text: string, isText = false): string {
    const { quote, escape: escaping, columnDelimiter, rowDelimiter, nullValue } = this.format;
    const needed =
      (isText && (this.quoteAllText || text === nullValue)) ||
      (columnDelimiter !== '' && text.includes(columnDelimiter)) ||
      text.includes(rowDelimiter) ||
      /[\r\n]/.test(text) ||
      (quote !== '' && text.includes(quote)) ||
      (escaping !== '' && escaping !== quote && text.includes(escaping) && quote !== '');
    if (!needed || quote === '') return text;
    let escaped = text;
    if (escaping !== '' && escaping !== quote) escaped = escaped.replaceAll(escaping, escaping + escaping);
    return quote + escaped.replaceAll(quote, (escaping === '' ? quote : escaping) + quote) + quote;
  }

  #line(cells: readonly string[]): string {
    return cells.join(this.format.columnDelimiter) + this.format.rowDelimiter;
  }

  async finish(): Promise<number> {
    this.#into.end();
    await this.#done;
    return (await stat(this.path)).size;
  }

  async close(): Promise<void> {
    this.#into.destroy();
    this.#out.destroy();
    await finished(this.#out).catch(() => undefined);
  }
}
