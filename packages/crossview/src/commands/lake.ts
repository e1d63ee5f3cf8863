import type { Register } from './command.js';

export const register: Register = (program) => {
  const lake = program
    .command('lake')
    .description('files of the local lake: what abfss:// and wasbs:// paths of notebooks lead to');
  const run = async (work: (files: typeof import('../lake/command.js')) => Promise<void>): Promise<void> =>
    work(await import('../lake/command.js'));
  lake
    .command('ls')
    .argument('[path]', 'abfss://CONTAINER@ACCOUNT.dfs.core.windows.net/… (without one: the mapping)')
    .description('list a directory of the lake')
    .action((path?: string) => run((it) => it.listLake(path)));
  lake
    .command('put')
    .argument('<file>', 'a file or directory of this machine')
    .argument('<path>', 'where it goes in the lake')
    .description('copy a file or directory into the lake')
    .action((file: string, path: string) => run((it) => it.putIntoLake(file, path)));
  lake
    .command('get')
    .argument('<path>', 'in the lake')
    .argument('<file>', 'where it goes on this machine')
    .description('copy a file or directory out of the lake')
    .action((path: string, file: string) => run((it) => it.getFromLake(path, file)));
  lake
    .command('rm')
    .argument('<path>', 'in the lake')
    .option('-r, --recurse', 'a directory with all that is in it')
    .description('remove a file or directory of the lake')
    .action((path: string, { recurse = false }: { recurse?: boolean }) =>
      run((it) => it.removeFromLake(path, recurse)),
    );
  lake
    .command('map')
    .argument('<account>', 'a storage account, CONTAINER@ACCOUNT, or * for all others')
    .argument('[folder]', 'a folder of this machine; without one containers of Azurite')
    .description('write into crossview.json where a storage account is on this machine')
    .action((account: string, folder?: string) => run((it) => it.mapAccount(account, folder)));
};
