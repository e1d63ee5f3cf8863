import { CrossviewError, type Json } from '@crossview/contracts';
import type { Factory } from '@crossview/copy';

/**
 * Makes a pipeline like the one of this name, whose one copy ends in a view instead of its sink; the sink may be left out.
 * @returns the new pipeline's name.
 * @throws CrossviewError `COPY_VIEW_AMBIGUOUS` when there is not exactly one copy.
 */
export function intoView(factory: Factory, name: string, view: string): string {
  const properties = factory.find('pipeline', name)?.properties;
  // That there is none is told by who runs it.
  if (properties === undefined) return name;
  const activities = (properties.activities ?? []) as readonly { readonly [key: string]: Json }[];
  const copies = activities.filter(({ type }) => type === 'Copy');
  if (copies.length !== 1)
    throw new CrossviewError('COPY_VIEW_AMBIGUOUS', `-o ${view} needs one Copy activity; there are ${copies.length}`, {
      hint: 'Use a dataset of type TempView with the sink TempViewSink, one for each copy.',
      facts: { view, count: copies.length },
    });
  const dataset = `view ${view}`;
  factory.add({ kind: 'dataset', name: dataset, properties: { type: 'TempView', typeProperties: { viewName: view } } });
  const changed = activities.map((activity) => {
    if (activity.type !== 'Copy') return activity;
    const {
      enableStaging: _,
      stagingSettings: __,
      ...typeProperties
    } = activity.typeProperties as {
      readonly [key: string]: Json;
    };
    return {
      ...activity,
      outputs: [{ referenceName: dataset, type: 'DatasetReference' }],
      typeProperties: { ...typeProperties, sink: { type: 'TempViewSink' } },
    };
  });
  const changedName = `${name} into ${view}`;
  factory.add({ kind: 'pipeline', name: changedName, properties: { ...properties, activities: changed } });
  return changedName;
}
