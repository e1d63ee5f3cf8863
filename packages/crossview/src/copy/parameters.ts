import { CrossviewError, type Json } from '@crossview/contracts';

/**
 * `name=value` pairs as parameters of a pipeline. Values are text; the pipeline's declaration makes numbers and lists of them.
 * @throws CrossviewError `COPY_PARAMETER`.
 */
export function readParameters(pairs: readonly string[]): Record<string, Json> {
  const parameters: Record<string, Json> = {};
  for (const pair of pairs) {
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === '')
      throw new CrossviewError('COPY_PARAMETER', `${JSON.stringify(pair)} is no parameter`, {
        hint: 'Write name=value, day=2013-01-01.',
      });
    parameters[name.trim()] = value;
  }
  return parameters;
}
