import { CrossviewError, type PoolTarget } from '@crossview/contracts';

/** The options of `synapsesql`, by the name of their constant, without case and underscores; then the other spellings they go by. */
const spellings = {
  server: ['host'],
  user: ['username'],
  password: [],
  dataSource: ['externaldatasource'],
  fileFormat: ['externalfileformat'],
  tempFolder: ['tempfolders', 'tempdir'],
  stagingStorageAccountKey: [],
  /** Fabric's spelling is `DatabaseName`. */
  database: ['databasename'],
  query: [],
  /** `copy` or `polybase`. */
  writeSemantics: ['loader'],
  /**
   * `swap`: readers see the old rows until all new ones are there; `truncate`: as the Synapse connector does it; `replace`: as `swap`,
   * with the frame's types instead of the table's.
   */
  overwriteMode: ['overwritemethod'],
  /** T-SQL for `WITH (…)` of a new table, to the letter. */
  tableOptions: [],
  /** A number, `max`, or `measured`: the longest value there is, rounded up to a power of two. */
  maxStringLength: ['maxstrlength'],
  maxBinaryLength: ['maxbinlength'],
  preActions: [],
  postActions: [],
  label: [],
  /** Seconds that one statement may take. */
  queryTimeout: [],
  /** For languages without Spark: `tds`, `export` or `auto`. */
  reader: [],
} as const satisfies Record<string, readonly string[]>;

export type OptionName = keyof typeof spellings;
export type Options = Readonly<Partial<Record<OptionName, string>>>;

const plain = (key: string): string => key.toLowerCase().replaceAll('_', '');

const known = new Map<string, OptionName>(
  (Object.entries(spellings) as [OptionName, readonly string[]][]).flatMap(([name, others]) =>
    [name.toLowerCase(), ...others].map((spelling) => [spelling, name] as const),
  ),
);

/** Conf entries that stand in for an option that was not given. */
const confKeys: Readonly<Record<string, OptionName>> = {
  'spark.sqlanalyticsconnector.dw.database': 'database',
  'spark.databricks.sqldw.writeSemantics': 'writeSemantics',
};

/**
 * @param given keys as the user wrote them, in any case.
 * @returns the options, and the keys that are none of ours.
 * @throws CrossviewError `OPTION_CONFLICT` when two spellings of one option have different values.
 */
export function parseOptions(
  given: Readonly<Record<string, string>>,
  conf: Readonly<Record<string, string>>,
): { options: Options; unknown: string[] } {
  const options: Partial<Record<OptionName, string>> = {};
  const unknown: string[] = [];
  for (const [key, value] of Object.entries(given)) {
    const name = known.get(plain(key));
    if (name === undefined) unknown.push(key);
    else if (options[name] !== undefined && options[name] !== value)
      throw new CrossviewError('OPTION_CONFLICT', `The option ${name} is given twice, with different values.`, {
        facts: { option: name },
      });
    else options[name] = value;
  }
  for (const [key, name] of Object.entries(confKeys)) {
    const value = conf[key];
    if (value !== undefined && options[name] === undefined) options[name] = value;
  }
  if ((options.user === undefined) !== (options.password === undefined))
    throw new CrossviewError(
      'OPTION_MISSING',
      `The option ${options.user === undefined ? 'USER' : 'PASSWORD'} is missing.`,
      {
        hint: 'SQL authentication takes Constants.USER and Constants.PASSWORD together.',
      },
    );
  checkSeconds(options);
  return { options, unknown };
}

/** @throws CrossviewError `OPTION_INVALID`. */
function checkSeconds({ queryTimeout }: Options): void {
  if (queryTimeout === undefined || Number(queryTimeout) > 0) return;
  throw new CrossviewError('OPTION_INVALID', `The option queryTimeout is "${queryTimeout}".`, {
    hint: 'It is a number of seconds.',
    facts: { option: 'queryTimeout' },
  });
}

/** One of a few words, in any case. @throws CrossviewError `OPTION_INVALID`. */
export function choice<T extends string>(options: Options, name: OptionName, allowed: readonly T[], otherwise: T): T {
  const value = options[name];
  if (value === undefined) return otherwise;
  const found = allowed.find((word) => word === value.toLowerCase());
  if (found !== undefined) return found;
  throw new CrossviewError('OPTION_INVALID', `The option ${name} is "${value}".`, {
    hint: `It can be ${allowed.join(' or ')}.`,
    facts: { option: name },
  });
}

/** A length, or `max`. @throws CrossviewError `OPTION_INVALID`. */
export function lengthOption(options: Options, name: OptionName): number | 'max' | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (value.toLowerCase() === 'max') return 'max';
  if (value.toLowerCase() === 'measured') return undefined;
  if (/^[1-9]\d*$/.test(value)) return Number(value);
  throw new CrossviewError('OPTION_INVALID', `The option ${name} is "${value}".`, {
    hint: 'It is a whole number of characters or bytes, max, or measured.',
    facts: { option: name },
  });
}

/** What the cell says before it begins: which pool it is, and the options that it has no use for. */
export function noteOf(target: PoolTarget, unknown: readonly string[]): string {
  const parts = [];
  if (target.standIn !== undefined) parts.push(`→ ${target.standIn}`);
  if (unknown.length > 0) parts.push(`without effect: the option ${unknown.join(', ')}`);
  return parts.join('; ');
}
