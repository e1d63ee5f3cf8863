import { terminalProgress } from '../system/progress.js';
import type { Register } from './command.js';

export const register: Register = (program) =>
  void program
    .command('setup')
    .description('bring Python packages, Java, jars and kernelspecs; safe to stop and to repeat')
    .option('--with <locks...>', 'also the packages of these lock files: lab, test')
    .option('--no-class-archive', 'leave out what makes later starts of Spark faster (half a minute, 200 MB)')
    .action(async ({ with: extra = [], classArchive }: { with?: string[]; classArchive: boolean }) => {
      const { setup } = await import('../setup/setup.js');
      const { setupWorkspace } = await import('../setup/workspace-packages.js');
      const wanted = extra.filter((name) => name === 'lab' || name === 'test');
      const progress = terminalProgress();
      const state = await setup(progress, { with: wanted, classArchive });
      await setupWorkspace(state.python, process.cwd(), progress);
      console.log(
        `Set up: Spark ${state.sparkVersion}, Python ${state.pythonVersion}, Java ${state.javaMajor} (${state.javaSource})`,
      );
    });
