import {
  CrossviewError,
  type KernelMethods,
  type Redactor,
  type SecretDirectory,
  type SessionServer,
} from '@crossview/contracts';
import { scopeOf } from './audiences.js';
import { environmentJson, type NotebookEnvironment } from './environment.js';

export interface NotebookUtilsOptions {
  readonly session: SessionServer;
  readonly secrets: SecretDirectory;
  readonly redactor: Redactor;
  /** A token of Entra for a scope. @throws CrossviewError `ENTRA_FAILED` */
  readonly token?: (scope: string) => Promise<{ token: string; expiresOn: number }>;
  /** The connection string of a linked service. @throws CrossviewError `LINKED_SERVICE_UNKNOWN` */
  readonly linkedService?: (name: string) => Promise<string>;
  /** Asked for at each call: the default lakehouse may change. */
  readonly environment?: () => NotebookEnvironment;
}

function text(params: unknown, name: string, what: string): string {
  const value = (params as Record<string, unknown>)[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new CrossviewError('ARGUMENT_MISSING', what);
}

/** Offers the session's processes what `mssparkutils` asks the kernel for. Every secret handed out is redacted from then on. */
export function offerNotebookUtils(options: NotebookUtilsOptions): void {
  const { session, secrets, redactor, token, linkedService, environment } = options;
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
  if (token)
    session.method('credentials.token', async (params) => {
      const given = await token(scopeOf(text(params, 'audience', 'getToken needs the name of an audience: "Storage"')));
      redactor.add(given.token);
      return { token: given.token, expiresOn: given.expiresOn };
    });
  if (linkedService)
    session.method('credentials.connection', async (params) => {
      const value = await linkedService(text(params, 'name', 'getConnectionStringOrCreds needs a linked service'));
      redactor.add(value);
      return { value };
    });
  if (environment) session.method('environment.get', () => environmentJson(environment()));
}
