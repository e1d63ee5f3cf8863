import { type Column, fromSqlColumn, type SqlColumn, sqlColumnText } from '@crossview/columns';

/** A column of a result set as tedious hands it over. */
export interface TediousColumn {
  readonly colName: string;
  readonly type: { readonly name: string };
  readonly flags: number;
  readonly dataLength?: number | undefined;
  readonly precision?: number | undefined;
  readonly scale?: number | undefined;
}

type Described = Pick<SqlColumn, 'type'> & Partial<Pick<SqlColumn, 'maxLength' | 'precision' | 'scale'>>;

const longest = 0xffff;
const sized =
  (type: string) =>
  ({ dataLength }: TediousColumn): Described => ({
    type,
    maxLength: dataLength === undefined || dataLength === longest ? -1 : dataLength,
  });
const named = (type: string) => (): Described => ({ type });
const scaled =
  (type: string) =>
  ({ scale }: TediousColumn): Described => ({ type, scale: scale ?? 7 });
const decimal = ({ precision, scale }: TediousColumn): Described => ({
  type: 'decimal',
  precision: precision ?? 18,
  scale: scale ?? 0,
});
const long = (type: string) => (): Described => ({ type, maxLength: -1 });

/** tedious's names of the TDS types ([MS-TDS] 2.2.5.4) in T-SQL's words; a type of several lengths is told by its length. */
const types: Readonly<Record<string, (column: TediousColumn) => Described>> = {
  Null: long('nvarchar'),
  TinyInt: named('tinyint'),
  SmallInt: named('smallint'),
  Int: named('int'),
  BigInt: named('bigint'),
  IntN: ({ dataLength }) => ({
    type: { 1: 'tinyint', 2: 'smallint', 4: 'int' }[dataLength ?? 8] ?? 'bigint',
  }),
  Real: named('real'),
  Float: named('float'),
  FloatN: ({ dataLength }) => ({ type: dataLength === 4 ? 'real' : 'float' }),
  Bit: named('bit'),
  BitN: named('bit'),
  Money: named('money'),
  SmallMoney: named('smallmoney'),
  MoneyN: ({ dataLength }) => ({ type: dataLength === 4 ? 'smallmoney' : 'money' }),
  DecimalN: decimal,
  NumericN: decimal,
  Date: named('date'),
  Time: scaled('time'),
  DateTime: named('datetime'),
  SmallDateTime: named('smalldatetime'),
  DateTimeN: ({ dataLength }) => ({ type: dataLength === 4 ? 'smalldatetime' : 'datetime' }),
  DateTime2: scaled('datetime2'),
  DateTimeOffset: scaled('datetimeoffset'),
  Char: sized('char'),
  VarChar: sized('varchar'),
  NChar: sized('nchar'),
  NVarChar: sized('nvarchar'),
  Text: long('varchar'),
  NText: long('nvarchar'),
  Xml: long('nvarchar'),
  Variant: long('nvarchar'),
  Binary: sized('binary'),
  VarBinary: sized('varbinary'),
  Image: long('varbinary'),
  UDT: long('varbinary'),
  UniqueIdentifier: named('uniqueidentifier'),
};

/** A column of a result, with its T-SQL type: `datetime2(7)`, `nvarchar(max)`. */
export interface ResultColumn extends Column {
  readonly sqlType: string;
}

/**
 * The columns of a result set. One without a name is called `_c` and its number, counted from 1.
 * @throws UnsupportedColumnError naming the column.
 */
export function resultColumns(columns: readonly TediousColumn[]): ResultColumn[] {
  return columns.map((column, index) => {
    const name = column.colName === '' ? `_c${index + 1}` : column.colName;
    const type = types[column.type.name]?.(column) ?? { type: column.type.name };
    const described = { name, maxLength: 0, precision: 0, scale: 0, nullable: true, ...type };
    return {
      name,
      type: fromSqlColumn(described),
      sqlType: sqlColumnText(described),
      nullable: (column.flags & 1) === 1 || (column.flags & 2) === 2,
    };
  });
}
