import type { Cell, CellOutcome, Language, LanguageContext, LanguageModule } from '@crossview/contracts';
import { unlessStopped } from '../cell/unless-stopped.js';
import { frameOptions, readFrameOutput } from '../sql/frame-output.js';

class Scala implements Language {
  readonly name = 'spark';

  constructor(readonly context: LanguageContext) {}

  async execute(cell: Cell): Promise<CellOutcome> {
    const { spark, views } = this.context;
    if (cell.silent && spark.state !== 'ready') return { status: 'ok' };
    const view = readFrameOutput(this.name, cell);
    await unlessStopped(
      spark.start('scala').then(() => views.offerToSpark()),
      cell.signal,
    );
    const outcome = await spark.scala(cell);
    if (view === undefined || outcome.status !== 'ok') return outcome;
    return spark.scala({ ...cell, code: `${view}.createOrReplaceTempView("${view}")` });
  }

  async complete(code: string, cursor: number) {
    const { spark } = this.context;
    if (spark.state !== 'ready') return { matches: [], start: cursor, end: cursor };
    return spark.completeScala(code, cursor);
  }

  async inspect(code: string, cursor: number) {
    const { spark } = this.context;
    return spark.state === 'ready' ? spark.inspectScala(code, cursor) : undefined;
  }

  async isComplete(code: string) {
    const { spark } = this.context;
    return spark.state === 'ready' ? spark.isCompleteScala(code) : { status: 'unknown' as const };
  }

  /** The session belongs to all Spark languages: the door ends it. */
  async close(): Promise<void> {}
}

const scala: LanguageModule = {
  name: 'spark',
  aliases: ['scala'],
  title: 'Scala',
  summary: 'Scala in the notebook’s Spark session (spark, sc)',
  fileExtension: '.scala',
  mimeType: 'text/x-scala',
  info: { name: 'scala', version: '2.13', codemirror_mode: 'text/x-scala', pygments_lexer: 'scala' },
  options: frameOptions,
  create: (context) => new Scala(context),
};

export default scala;
