import type { NotebookDocument } from '@crossview/kernel/notebooks';
import { notebookNeeds } from './needs.js';

/** Says to the kernel of a run which languages the notebook has: what it will not need is not made ready for it. */
export const languagesVariable = 'CROSSVIEW_RUN_LANGUAGES';

export interface RunLanguages {
  /** Whether a Scala cell is to come; where nobody knows, one may. */
  readonly scala: boolean;
  /** Whether Spark is to be started with the kernel, because a cell will ask for it and none configures it. */
  readonly spark: boolean;
}

const ofSpark = new Set(['pyspark', 'spark', 'scala', 'sql', 'sparkr', 'r']);

/** @param document as it is run. */
export function languagesOf(document: NotebookDocument): string {
  return notebookNeeds(document).languages.join(',');
}

export function readLanguages(env: NodeJS.ProcessEnv = process.env): RunLanguages {
  const said = env[languagesVariable];
  if (said === undefined) return { scala: true, spark: false };
  const names = said.split(',');
  return {
    scala: names.includes('spark') || names.includes('scala'),
    spark: names.some((name) => ofSpark.has(name)) && !names.includes('configure'),
  };
}
