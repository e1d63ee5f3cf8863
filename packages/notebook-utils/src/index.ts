import {
  CrossviewError,
  type KernelMethods,
  type Redactor,
  type SecretDirectory,
  type SessionServer,
} from '@crossview/contracts';

export { createRedactor } from './redactor.js';

export interface NotebookUtilsOptions {
  readonly session: SessionServer;
  readonly secrets: SecretDirectory;
  readonly redactor: Redactor;
}

/** Offers the session's processes what `mssparkutils` asks the kernel for. Every secret handed out is redacted from then on. */
export function offerNotebookUtils({ session, secrets, redactor }: NotebookUtilsOptions): void {
  session.method('secrets.get', async (params) => {
    const { vault, name } = params as Partial<KernelMethods['secrets.get']['params']>;
    if (typeof vault !== 'string' || typeof name !== 'string')
      throw new CrossviewError('SECRET_ARGUMENTS', 'getSecret needs the name of a vault and the name of a secret', {
        hint: 'Write mssparkutils.credentials.getSecret("vault", "name").',
      });
    const value = await secrets.get(vault, name);
    redactor.add(value);
    return { value };
  });
}
