const shared =
  'SELECT FROM WHERE HAVING ORDER GROUP BY JOIN LEFT RIGHT FULL OUTER INNER CROSS ON AS AND OR NOT NULL IS IN BETWEEN LIKE ' +
  'EXISTS CASE WHEN THEN ELSE END CAST DISTINCT UNION ALL EXCEPT INTERSECT WITH OVER PARTITION CREATE VIEW TABLE INSERT ' +
  'INTO VALUES UPDATE SET DELETE DROP ALTER TRUNCATE ASC DESC MERGE USING MATCHED';
const phrases = [
  'GROUP BY',
  'ORDER BY',
  'LEFT JOIN',
  'INNER JOIN',
  'CROSS JOIN',
  'UNION ALL',
  'PARTITION BY',
  'INSERT INTO',
];
const functions = 'count sum avg min max coalesce round abs concat substring upper lower';

export const sparkKeywords: readonly string[] = [
  ...shared.split(' '),
  ...phrases,
  ...(
    'LIMIT OFFSET LATERAL EXPLODE DESCRIBE SHOW TABLES DATABASES COLUMNS FUNCTIONS EXPLAIN CACHE UNCACHE REFRESH USE ' +
    'TEMPORARY REPLACE PIVOT UNPIVOT TABLESAMPLE QUALIFY SEMI ANTI NATURAL INTERVAL'
  ).split(' '),
  ...functions.split(' '),
];

export const tsqlKeywords: readonly string[] = [
  ...shared.split(' '),
  ...phrases,
  ...(
    'TOP OFFSET FETCH EXEC EXECUTE PROCEDURE BEGIN TRANSACTION COMMIT ROLLBACK DECLARE PRINT IF WHILE RETURN GO USE GRANT ' +
    'DENY REVOKE SCHEMA INDEX STATISTICS EXTERNAL COPY DISTRIBUTION HASH ROUND_ROBIN REPLICATE CLUSTERED COLUMNSTORE HEAP ' +
    'RENAME OBJECT IDENTITY CONSTRAINT DEFAULT TRY CATCH THROW RAISERROR LABEL OPTION PIVOT APPLY'
  ).split(' '),
  ...functions.split(' '),
  ...(
    'getdate sysdatetime dateadd datediff convert try_convert try_cast isnull nullif len left right replace charindex ' +
    'string_agg row_number rank dense_rank lag lead object_id db_name suser_sname newid'
  ).split(' '),
];
