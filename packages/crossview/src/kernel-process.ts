import { CrossviewError } from '@crossview/contracts';

export interface KernelProcessOptions {
  /** Jupyter's connection file. */
  readonly connectionFile: string;
  /** The language of cells without a magic line, as `%%name` says it. */
  readonly language: string;
  /** The notebook's directory. */
  readonly workingDirectory: string;
}

/** Runs a kernel until it is told to shut down. Resolves when everything of the session has ended. */
export async function runKernelProcess(options: KernelProcessOptions): Promise<void> {
  throw new CrossviewError('KERNEL_MISSING', `this build has no kernel for ${options.connectionFile}`, {
    hint: 'Build the whole repository: npm run build.',
  });
}
