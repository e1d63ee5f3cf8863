import type { PipelineRun } from './run-pipeline.js';

/** A run in a few lines, for a terminal or a cell: each activity with what it did, or why it failed and what to do. */
export function describeRun(run: PipelineRun): string {
  const lines = run.activities.map(({ name, type, status, output, error, durationMilliseconds }) => {
    const time = `${(durationMilliseconds / 1_000).toFixed(1)} s`;
    if (error !== undefined)
      return `✗ ${name} (${type}, ${time}): ${error.message}${error.hint ? `\n  ${error.hint}` : ''}`;
    if (status !== 'Succeeded') return `– ${name} (${type}): ${status.toLowerCase()}`;
    if (output === undefined) return `✓ ${name} (${type})`;
    if ('firstRow' in output)
      return `✓ ${name} (${type}, ${time}): ${Object.keys(output.firstRow as object).length === 0 ? 'no row' : 'one row'}`;
    if ('count' in output) return `✓ ${name} (${type}, ${time}): ${output.count} rows`;
    const {
      rowsCopied,
      rowsSkipped = 0,
      dataWritten,
      filesWritten,
      logFilePath,
    } = output as {
      rowsCopied: number;
      rowsSkipped?: number;
      dataWritten: number;
      filesWritten?: number;
      logFilePath?: string;
    };
    const left = rowsSkipped === 0 ? '' : `, ${rowsSkipped} left out${logFilePath ? `, see ${logFilePath}` : ''}`;
    const files = filesWritten === undefined ? '' : ` in ${filesWritten} ${filesWritten === 1 ? 'file' : 'files'}`;
    return `✓ ${name} (${type}, ${time}): ${rowsCopied.toLocaleString('en-US')} rows, ${(dataWritten / 1_048_576).toFixed(1)} MB${files}${left}`;
  });
  return `${lines.join('\n')}\n${run.pipeline}: ${run.status.toLowerCase()}`;
}
