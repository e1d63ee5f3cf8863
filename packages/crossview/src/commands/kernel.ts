import { parseArgs } from 'node:util';
import { CrossviewError } from '@crossview/contracts';

/** `crossview kernel`: what Jupyter starts. Reads its few arguments itself, so that nothing of the command line loads. */
export async function runKernel(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { language: { type: 'string', default: 'pyspark' }, 'connection-file': { type: 'string', short: 'f' } },
  });
  const connectionFile = values['connection-file'];
  if (!connectionFile)
    throw new CrossviewError('KERNEL_ARGUMENTS', 'a kernel needs --connection-file', {
      hint: 'Jupyter starts kernels itself: "crossview lab", or "crossview run NOTEBOOK".',
    });
  const { runKernelProcess } = await import('../kernel-process.js');
  await runKernelProcess({ connectionFile, language: values.language, workingDirectory: process.cwd() });
}
