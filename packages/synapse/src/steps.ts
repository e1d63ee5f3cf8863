import { CrossviewError } from '@crossview/contracts';

/** Everything that `synapsesql` does to the world outside, by name and in words. Errors carry the name; faults are tried for each. */
export const steps = {
  connect: 'connecting to the pool',
  inspectTable: 'looking at the table',
  checkGrants: 'asking for the grants that are needed',
  inspectQuery: 'looking at the columns of the query',
  inspectDistribution: 'looking at distribution and index of the table',
  inspectGrants: 'looking at the grants of the table',
  inspectDataSource: 'looking at the external data source',
  inspectFileFormat: 'looking for a Parquet file format',
  signStaging: 'signing access to the staging directory',
  prepareStaging: 'preparing the staging container',
  listStaging: 'listing the staged files',
  removeStrays: 'removing files of tasks that failed',
  runPreActions: 'running preActions',
  createMasterKey: 'creating the database master key',
  createCredential: 'creating a database scoped credential',
  createDataSource: 'creating an external data source',
  createFileFormat: 'creating an external file format',
  createStageTable: 'creating the stage table',
  createExternalTable: 'creating an external table over the staged files',
  truncateTarget: 'emptying the table',
  copyInto: 'loading by COPY INTO',
  loadFromExternalTable: 'loading from the external table',
  insertFromStage: 'inserting the rows of the stage table',
  countRows: 'counting the rows in the pool',
  applyGrants: 'giving the new table the grants of the old one',
  recordSwap: 'leaving word of the swap',
  readSwap: 'reading the word of a swap that was left',
  inspectSwap: 'finding out how far the swap came',
  switchTables: 'switching the new rows in',
  renameTables: 'renaming the table out of the way and the stage table to its name',
  renameNew: 'renaming the stage table to the table',
  renameBack: 'renaming the table back',
  dropOld: 'dropping the old table',
  runPostActions: 'running postActions',
  exportRows: 'exporting the rows by CREATE EXTERNAL TABLE AS SELECT',
  countOnly: 'counting the rows',
  requestId: 'looking up the id of the request',
  readExternalTable: 'looking where the external table points',
  listLocation: 'looking at the files of the location',
  writeExternalTable: 'making the external table over the files',
  replaceExternalTable: 'pointing the external table to the new files',
  removeOldFiles: 'removing the files of the old rows',
  removeNewFiles: 'removing the files that were written',
  fetchRows: 'fetching the rows',
  downloadFiles: 'downloading the files',
  uploadFiles: 'uploading the files',
  dropExternalTable: 'dropping the external table',
  dropStageTable: 'dropping the stage table',
  dropFileFormat: 'dropping the external file format',
  dropDataSource: 'dropping the external data source',
  dropCredential: 'dropping the database scoped credential',
  removeStaging: 'removing the staged files',
  findLeftObjects: 'looking for objects that were left',
  findLeftFiles: 'looking for files that were left',
} as const;

export type Step = keyof typeof steps;

/** Called in front of every step; throwing breaks the step. For tests of what happens then. */
export type StepHook = (step: Step) => void | Promise<void>;

/** Runs a step; its failure says which step it was. */
export type StepRunner = <T>(step: Step, run: () => Promise<T>) => Promise<T>;

export function stepRunner(hook: StepHook | undefined): StepRunner {
  return async (step, run) => {
    try {
      await hook?.(step);
      return await run();
    } catch (thrown) {
      throw inStep(thrown, step);
    }
  };
}

function inStep(thrown: unknown, step: Step): CrossviewError {
  if (thrown instanceof CrossviewError) {
    if (thrown.facts.step !== undefined) return thrown;
    return new CrossviewError(thrown.code, thrown.message, {
      hint: thrown.hint,
      facts: { ...thrown.facts, step },
      cause: thrown.cause,
    });
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new CrossviewError('SYNAPSE_FAILED', `Failed while ${steps[step]}: ${reason}`, { facts: { step } });
}
