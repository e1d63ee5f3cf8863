import { drawChart } from './chart.js';
import {
  type Aggregation,
  aggregations,
  type ChartType,
  type Choice,
  type Column,
  chartTypes,
  chooseFirst,
  type Wish,
} from './choice.js';

const titles: Record<Aggregation, string> = {
  sum: 'Sum',
  avg: 'Average',
  min: 'Minimum',
  max: 'Maximum',
  count: 'Count',
  first: 'First',
  last: 'Last',
  none: 'None (each row)',
};

/** The table on the page is the data: it is there once, and what is drawn is what is shown. */
function readColumns(table: HTMLTableElement): Column[] {
  const rows = [...(table.tBodies[0]?.rows ?? [])];
  return [...(table.tHead?.rows[0]?.cells ?? [])].map((head, at) => ({
    name: head.textContent ?? '',
    kind: (head.dataset.kind ?? 'text') as Column['kind'],
    values: rows.map((row) => {
      const cell = row.cells[at];
      return !cell || cell.dataset.null !== undefined ? null : (cell.textContent ?? '');
    }),
  }));
}

function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  style: string,
  text = '',
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.style.cssText = style;
  if (text !== '') made.textContent = text;
  return made;
}

function picker(
  text: string,
  options: readonly (readonly [value: string, text: string])[],
  value: string,
): [HTMLLabelElement, HTMLSelectElement] {
  const around = make('label', 'display:inline-flex;gap:4px;align-items:center', text);
  const select = make('select', 'font:inherit;max-width:14em');
  // The label around it counts the options' words as its own.
  select.setAttribute('aria-label', text);
  for (const [option, words] of options) select.append(new Option(words, option, false, option === value));
  around.append(select);
  return [around, select];
}

/** Boxes for several columns, behind a line that says which are ticked. */
function ticked(
  text: string,
  names: readonly string[],
  values: readonly number[],
  changed: () => void,
): [HTMLElement, () => number[]] {
  const around = make('details', 'position:relative');
  const line = make('summary', 'cursor:pointer');
  const list = make(
    'div',
    'position:absolute;z-index:10;max-height:16em;overflow:auto;padding:6px 10px;border:1px solid gray;background:var(--jp-layout-color1,Canvas);color:inherit;white-space:nowrap',
  );
  const boxes = names.map((name, at) => {
    const row = make('label', 'display:block');
    const box = make('input', 'margin-right:6px');
    box.type = 'checkbox';
    box.checked = values.includes(at);
    row.append(box, name);
    list.append(row);
    return box;
  });
  const read = () => boxes.flatMap((box, at) => (box.checked ? [at] : []));
  const tell = () => {
    const shown = read()
      .map((at) => names[at])
      .join(', ');
    line.textContent = `${text} ${shown.length > 24 ? `${shown.slice(0, 24)}…` : shown || '(none)'}`;
  };
  list.addEventListener('change', () => {
    tell();
    changed();
  });
  tell();
  around.append(line, list);
  return [around, read];
}

function chartPane(columns: readonly Column[], wish: Wish, part: string): HTMLElement {
  const pane = make('div', 'display:none');
  const tools = make('div', 'display:flex;flex-wrap:wrap;gap:6px 14px;align-items:center;margin:4px 0 8px');
  const place = make('div', 'min-height:60px');
  const notes = make('div', 'opacity:0.7');
  const first = chooseFirst(columns, wish);
  const names = columns.map(({ name }) => name);
  const places = names.map((name, at) => [String(at), name] as const);
  const draw = () => {
    const choice: Choice = {
      type: type.value as ChartType,
      key: Number(key.value),
      values: values(),
      aggregation: aggregation.value as Aggregation,
      series: series.value === '' ? undefined : Number(series.value),
    };
    const chart = drawChart(columns, choice);
    place.innerHTML = chart.svg;
    notes.textContent = [part, ...chart.notes].filter((note) => note !== '').join(' ');
  };
  const types = chartTypes.map((it) => [it, it[0]?.toUpperCase() + it.slice(1)] as const);
  const [typeLabel, type] = picker('Chart', types, first.type);
  const [keyLabel, key] = picker('Key', places, String(first.key));
  const [valueList, values] = ticked('Values', names, first.values, draw);
  const [seriesLabel, series] = picker('Series', [['', 'None'], ...places], String(first.series ?? ''));
  const ways = aggregations.map((it) => [it, titles[it]] as const);
  const [aggregationLabel, aggregation] = picker('Aggregation', ways, first.aggregation);
  for (const select of [type, key, series, aggregation]) select.addEventListener('change', draw);
  tools.append(typeLabel, keyLabel, valueList, seriesLabel, aggregationLabel);
  pane.append(tools, place, notes);
  draw();
  return pane;
}

/**
 * Adds the choice between table and chart to every frame of this name on the page that has not got it yet.
 * @param wish shows the chart first
 * @param part what a reader must know about rows that the table does not show
 */
export function showFrame(id: string, wish?: Wish, part = ''): void {
  for (const frame of document.querySelectorAll<HTMLElement>(`[id="${id}"]`)) {
    const table = frame.querySelector('table');
    const box = table?.parentElement;
    if (!table || !box || frame.dataset.ready) continue;
    frame.dataset.ready = 'yes';
    const bar = make('div', 'display:flex;gap:4px;margin-bottom:4px');
    bar.setAttribute('role', 'tablist');
    let pane: HTMLElement | undefined;
    const buttons = ['Table', 'Chart'].map((text) => {
      const button = make('button', '', text);
      button.type = 'button';
      button.setAttribute('role', 'tab');
      button.addEventListener('click', () => show(text === 'Chart'));
      bar.append(button);
      return button;
    });
    const show = (chart: boolean) => {
      if (chart && !pane) {
        pane = chartPane(readColumns(table), wish ?? {}, part);
        box.after(pane);
      }
      box.style.display = chart ? 'none' : '';
      if (pane) pane.style.display = chart ? '' : 'none';
      for (const [at, button] of buttons.entries()) {
        const on = (at === 1) === chart;
        button.setAttribute('aria-selected', String(on));
        button.style.cssText = `font:inherit;padding:2px 12px;cursor:pointer;color:inherit;background:none;border:0;border-bottom:2px solid ${on ? 'var(--jp-brand-color1,#1976d2)' : 'transparent'};opacity:${on ? 1 : 0.7}`;
      }
    };
    box.before(bar);
    show(wish !== undefined);
  }
}
