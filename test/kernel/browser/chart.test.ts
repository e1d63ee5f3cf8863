import * as assert from 'uvu/assert';
import { drawChart } from '../../../packages/kernel/browser/chart.js';
import { type Choice, type Column, chartTypes, chooseFirst } from '../../../packages/kernel/browser/choice.js';
import { groupRows, readDate } from '../../../packages/kernel/browser/groups.js';
import { dateScale, numberScale } from '../../../packages/kernel/browser/scale.js';
import { suite } from '../../support/suite.js';

const test = suite('chart of a frame');

const flights: Column[] = [
  { name: 'carrier', kind: 'text', values: ['AA', 'UA', 'AA', null, 'UA', 'DL'] },
  { name: 'day', kind: 'date', values: ['2013-01-02', '2013-01-01', '2013-01-01', '2013-01-03', null, '2013-01-02'] },
  { name: 'delay', kind: 'number', values: ['10', '-4', null, '7', '1.5', '9223372036854775807'] },
  { name: 'distance', kind: 'number', values: ['100', '200', '300', '400', '500', '600'] },
];
const choice = (over: Partial<Choice>): Choice => ({
  type: 'bar',
  key: 0,
  values: [3],
  aggregation: 'sum',
  series: undefined,
  ...over,
});
const values = (over: Partial<Choice>) =>
  Object.fromEntries(
    groupRows(flights, choice(over)).series.map(({ name, points }) => [name, points.map((it) => [it.key, it.value])]),
  );

test('aggregates leave out rows without a key or a value', () => {
  assert.equal(values({}), {
    distance: [
      ['AA', 400],
      ['UA', 700],
      ['DL', 600],
    ],
  });
  assert.equal(values({ values: [2], aggregation: 'avg' }).delay?.slice(0, 2), [
    ['AA', 10],
    ['UA', -1.25],
  ]);
  assert.equal(values({ aggregation: 'min' }).distance?.[0], ['AA', 100]);
  assert.equal(values({ aggregation: 'max' }).distance?.[0], ['AA', 300]);
  assert.equal(values({ aggregation: 'first' }).distance?.[1], ['UA', 200]);
  assert.equal(values({ aggregation: 'last' }).distance?.[1], ['UA', 500]);
  assert.equal(values({ values: [2], aggregation: 'count' }).delay, [
    ['AA', 1],
    ['UA', 2],
    ['DL', 1],
  ]);
  assert.equal(values({ values: [0], key: 1, aggregation: 'count' }).carrier?.length, 2);
});

test('a column of series, and several values, are series of their own', () => {
  assert.equal(Object.keys(values({ key: 1, series: 0 })), ['AA', 'UA', 'null', 'DL']);
  assert.equal(Object.keys(values({ values: [2, 3] })), ['delay', 'distance']);
  assert.ok('AA, distance' in values({ key: 1, series: 0, values: [2, 3] }));
});

test('dates and numbers stand in their order, also when the rows do not', () => {
  const { axis, keys } = groupRows(flights, choice({ key: 1 }));
  assert.equal([axis, keys], ['date', ['2013-01-01', '2013-01-02', '2013-01-03']]);
  assert.equal(groupRows(flights, choice({ key: 3 })).axis, 'number');
  assert.equal(groupRows(flights, choice({ key: 3, aggregation: 'none' })).series[0]?.points.length, 6);
  assert.is(readDate('2013-01-01 05:00:00.123456'), Date.UTC(2013, 0, 1, 5, 0, 0, 123));
  assert.is(readDate('2013-01-01 05:00:00Z'), Date.UTC(2013, 0, 1, 5));
});

test('the first choice suits the columns, and a wish goes before it', () => {
  assert.equal(chooseFirst(flights), choice({ key: 0, values: [2] }));
  assert.is(chooseFirst(flights.slice(1)).type, 'line');
  assert.equal(chooseFirst(flights.slice(2)), choice({ type: 'scatter', key: 0, values: [1], aggregation: 'none' }));
  assert.equal(chooseFirst(flights.slice(0, 1)), choice({ values: [0], aggregation: 'count' }));
  const wish = { type: 'pie', key: 'day', values: ['distance'], aggregation: 'max', series: 'carrier' } as const;
  assert.equal(chooseFirst(flights, wish), { type: 'pie', key: 1, values: [3], aggregation: 'max', series: 0 });
});

test('every type draws every choice, with numbers only', () => {
  for (const type of chartTypes)
    for (const key of [0, 1, 2, 3])
      for (const series of [undefined, 0, 1])
        for (const chosen of [[2], [3], [2, 3]]) {
          const { svg } = drawChart(flights, choice({ type, key, series, values: chosen }));
          assert.match(svg, /^<svg /);
          assert.not.match(svg, /NaN|undefined|Infinity/, `${type} ${key} ${series} ${chosen}`);
        }
});

test('what cannot be drawn is said', () => {
  const nothing = drawChart(flights, choice({ values: [0] }));
  assert.equal([nothing.svg, nothing.notes.length], ['', 1]);
  assert.match(nothing.notes[0]!, /carrier is not numeric/);
  assert.is(drawChart([], choice({})).svg, '');
  const keys = Array.from({ length: 250 }, (_, at) => `k${at}`);
  const many: Column[] = [
    { name: 'k', kind: 'text', values: keys },
    { name: 'v', kind: 'number', values: keys.map((_, at) => String(at - 3)) },
  ];
  assert.match(drawChart(many, choice({ values: [1] })).notes[0]!, /first 100 of 250 keys/);
  assert.match(drawChart(many, choice({ values: [1], series: 0 })).notes[1]!, /first 20 of 250 series/);
  const pie = drawChart(many, choice({ type: 'pie', values: [1] }));
  assert.match(pie.svg, /237 others/);
});

test('names are text, never markup', () => {
  const columns: Column[] = [
    { name: '<img src=x>', kind: 'text', values: ['</text><script>', '&'] },
    { name: '"v"', kind: 'number', values: ['1', '2'] },
  ];
  for (const type of chartTypes)
    assert.not.match(drawChart(columns, choice({ type, values: [1] })).svg, /<img|<script|& /);
});

test('scales hold their data and have few ticks', () => {
  for (const [low, high] of [
    [0, 1],
    [-3, 7e9],
    [5, 5],
    [0, 0],
    [1e-9, 2e-9],
    [-8, -2],
  ] as const) {
    const scale = numberScale(low, high);
    assert.ok(scale.low <= low && scale.high >= high && scale.low < scale.high, `${low} ${high}`);
    assert.ok(scale.ticks.length >= 2 && scale.ticks.length <= 9, `${low} ${high}: ${scale.ticks}`);
  }
  const hour = 3_600_000;
  for (const span of [1000, hour, 30 * hour, 24 * 90 * hour, 24 * 365 * 30 * hour]) {
    const begin = Date.UTC(2013, 0, 1, 0, 0, 30);
    const { ticks } = dateScale(begin, begin + span);
    assert.ok(ticks.length <= 9 && ticks.every((tick) => tick >= begin && tick <= begin + span), `${span}: ${ticks}`);
  }
});

test.run();
