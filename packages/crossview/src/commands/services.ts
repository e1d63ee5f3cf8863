import { places } from '../places.js';

/** `crossview services`: the supervisor of the local services. Sessions start it; people need not. */
export async function runServices(): Promise<void> {
  const { runSupervisor } = await import('../services/supervisor.js');
  await runSupervisor(places());
}
