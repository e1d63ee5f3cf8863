/** What a cell asks of the chart of its frame; columns by name. What is left out is chosen by the data. */
export interface ChartWish {
  readonly type?: 'bar' | 'line' | 'area' | 'pie' | 'scatter';
  /** The column along the axis, or the slices of a pie. */
  readonly key?: string;
  readonly values?: readonly string[];
  /** How the values of one key become one; `none` draws every row. */
  readonly aggregation?: 'sum' | 'avg' | 'min' | 'max' | 'count' | 'first' | 'last' | 'none';
  /** The column whose values become series of their own. */
  readonly series?: string;
}
