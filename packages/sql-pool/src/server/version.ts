/** The version the pool says it is: that of a dedicated SQL pool, so that clients choose the same ways. */
export const version: readonly [number, number, number] = [12, 0, 2000];
export const programName = 'Microsoft SQL Server';
export const versionText = 'Microsoft Azure SQL Data Warehouse - 10.0.0.0 (Crossview local pool)';
