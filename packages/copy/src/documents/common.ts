import { z } from 'zod';

/** Parts that many resources share. Values are read after expressions were resolved. */

export const reference = (type: string) =>
  z.strictObject({
    referenceName: z.string(),
    type: z.literal(type),
    parameters: z.record(z.string(), z.unknown()).optional(),
  });

export const linkedServiceReference = reference('LinkedServiceReference');
export const datasetReference = reference('DatasetReference');

const placeholder = 'is still a placeholder: put the real value in';

/** A secret in the document, or where to find it. Plain text is taken too, as Data Factory takes it on the way in. */
export const secret = z.union([
  z.strictObject({
    type: z.literal('SecureString'),
    value: z.string().refine((text) => !/^<[^<>]+>$/.test(text), { error: placeholder }),
  }),
  z.strictObject({
    type: z.literal('AzureKeyVaultSecret'),
    store: linkedServiceReference,
    secretName: z.string(),
    secretVersion: z.string().optional(),
  }),
  z.string(),
]);

export type Secret = z.infer<typeof secret>;

/** Data Factory writes numbers and switches as JSON or as text, `"443"`, `"true"`. */
export const wholeNumber = (least: number, most: number) =>
  z.preprocess(
    (given) => (typeof given === 'string' && /^\s*-?\d+\s*$/.test(given) ? Number(given) : given),
    z
      .int({ error: 'must be a whole number' })
      .refine((value) => value >= least && value <= most, { error: `must be from ${least} to ${most}` }),
  ) as unknown as z.ZodType<number>;

export const flag = z.union(
  [z.boolean(), z.literal(['true', 'True', 'false', 'False']).transform((text) => text.toLowerCase() === 'true')],
  { error: 'must be true or false' },
);

/** An allowed value, whatever its case, as Data Factory takes them. `explain` may say more about a wrong one. */
export const oneOf = <const T extends readonly [string, ...string[]]>(
  values: T,
  explain: (given: string) => string | undefined = () => undefined,
) =>
  z.preprocess(
    (given) =>
      typeof given === 'string'
        ? (values.find((value) => value.toLowerCase() === given.toLowerCase()) ?? given)
        : given,
    z.enum(values, { error: (issue) => explain(String(issue.input)) }),
  ) as unknown as z.ZodType<T[number]>;

/** Text that is not empty and holds no placeholder of a documentation, `<cluster>.azurehdinsight.net`. */
export const filledText = z
  .string()
  .min(1, { error: 'is empty' })
  .refine((text) => !/<[a-z][\w -]*>/i.test(text), { error: placeholder });

/** Accepted and without meaning here. */
export const ignored = z.unknown().optional();
