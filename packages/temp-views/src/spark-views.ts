import type { ViewHolder } from '@crossview/contracts';

export interface SparkView {
  readonly name: string;
  readonly scope: 'session' | 'global';
  readonly version: string;
}

/** Names are case-insensitive, as in Spark. */
export function key(name: string): string {
  return name.toLowerCase();
}

/** What Spark has now, by name; nothing when it is not running, for asking must not start it. */
export async function sparkViews(
  spark: ViewHolder,
): Promise<{ views: ReadonlyMap<string, SparkView>; generation: number | string | undefined }> {
  if (!spark.running) return { views: new Map(), generation: undefined };
  const generation = spark.generation;
  const listed = await spark.list();
  return { views: new Map(listed.map((view) => [key(view.name), view])), generation };
}
