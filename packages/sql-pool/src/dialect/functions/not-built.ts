/**
 * Built-in functions of Transact-SQL that are not here, with what to do instead: they are refused by name, where a name that
 * nobody knows is error 195. Those that a dedicated SQL pool has neither say so.
 */
export const notBuilt: Readonly<Record<string, string>> = Object.fromEntries(
  (
    [
      [
        'A dedicated SQL pool has it neither.',
        'ERROR_LINE SCOPE_IDENTITY IDENT_CURRENT IDENT_SEED IDENT_INCR NEWSEQUENTIALID TEXTPTR TEXTVALID EVENTDATA TRIGGER_NESTLEVEL COLUMNS_UPDATED CURSOR_STATUS CONTAINS FREETEXT XMLPARSE MIN_ACTIVE_ROWVERSION FILE_ID FILE_NAME FILEGROUP_ID FILEGROUP_NAME FILEPROPERTY APP_LOCK_MODE GET_FILESTREAM_TRANSACTION_CONTEXT CONTEXT_INFO PUBLISHINGSERVERNAME',
      ],
      [
        'There is nothing here to encrypt with it.',
        'ENCRYPTBYKEY DECRYPTBYKEY ENCRYPTBYPASSPHRASE DECRYPTBYPASSPHRASE ENCRYPTBYCERT DECRYPTBYCERT ENCRYPTBYASYMKEY DECRYPTBYASYMKEY DECRYPTBYKEYAUTOCERT KEY_ID KEY_GUID KEY_NAME CERT_ID CERTENCODED CERTPRIVATEKEY CERTPROPERTY ASYMKEY_ID ASYMKEYPROPERTY SYMKEYPROPERTY SIGNBYCERT SIGNBYASYMKEY VERIFYSIGNEDBYCERT VERIFYSIGNEDBYASYMKEY CRYPT_GEN_RANDOM IS_OBJECTSIGNED PWDCOMPARE PWDENCRYPT',
      ],
      ['Compress before you load.', 'COMPRESS DECOMPRESS'],
      ['Build the text with FOR JSON PATH.', 'JSON_OBJECT JSON_OBJECTAGG JSON_ARRAYAGG'],
      ['Use arithmetic with POWER and %.', 'BIT_COUNT GET_BIT SET_BIT LEFT_SHIFT RIGHT_SHIFT'],
      ['Use DATEADD and DATEDIFF.', 'DATE_BUCKET CURRENT_TIMEZONE CURRENT_TIMEZONE_ID'],
      ['Use LIKE and PATINDEX.', 'REGEXP_LIKE REGEXP_REPLACE REGEXP_SUBSTR REGEXP_INSTR REGEXP_COUNT'],
      ['Use a window of ROW_NUMBER.', 'APPROX_PERCENTILE_CONT APPROX_PERCENTILE_DISC'],
    ] as const
  ).flatMap(([hint, names]) => names.split(' ').map((name): [string, string] => [name, hint])),
);

/** Variables of the server that are not here, as {@link notBuilt}: `@@` and a name that nobody knows is error 137. */
export const notBuiltVariables: Readonly<Record<string, string>> = {
  '@@IDENTITY': 'A dedicated SQL pool has it neither.',
  '@@DBTS': 'A dedicated SQL pool has no rowversion either.',
};

/** Whether a name in FROM is a table-valued function of the server itself (`sys.fn_helpcollations`): nobody can make one of that name. */
export function isServerFunction(name: readonly string[]): boolean {
  const schema = name.at(-2)?.toLowerCase();
  return (schema === undefined || schema === 'sys') && /^(fn|dm)_/i.test(name.at(-1)!);
}
