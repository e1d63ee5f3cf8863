import {
  DateMillisecond,
  Dictionary,
  Field,
  FixedSizeList,
  Int32,
  List,
  Map_,
  Struct,
  Table,
  TimestampSecond,
  tableFromIPC,
  tableToIPC,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import * as assert from 'uvu/assert';
import { plainTable } from '../../../packages/kernel/src/languages/typescript/process/plain-columns.js';
import { suite } from '../../support/suite.js';

const test = suite('plain columns of TypeScript tables');
const word = () => new Dictionary(new Utf8(), new Int32());
const plain = (vector: Vector): Vector => {
  const table = plainTable(new Table({ v: vector }));
  // Through the wire, as the others see it.
  return tableFromIPC(tableToIPC(table, 'stream')).getChild('v')!;
};
const person = new Struct([new Field('name', word(), true), new Field('n', new Int32(), true)]);
const people = [{ name: 'x', n: 1 }, { name: 'y', n: 2 }, null, { name: 'x', n: 3 }];
const json = (vector: Vector) => JSON.parse(JSON.stringify([...vector]));

test('dictionaries become their values inside of lists, structs and maps too', () => {
  const item = new Field('item', word(), true);
  const list = plain(vectorFromArray([['a', 'b'], ['b', null], null, []], new List(item)));
  assert.is(String(list.type), 'List<Utf8>');
  assert.equal(json(list), [['a', 'b'], ['b', null], null, []]);
  const struct = plain(vectorFromArray(people, person));
  assert.match(String(struct.type), 'name:Utf8');
  assert.equal(json(struct), people);
  const pair = plain(vectorFromArray([['a', 'b'], null, ['b', 'a']], new FixedSizeList(2, item)));
  assert.equal(json(pair), [['a', 'b'], null, ['b', 'a']]);
  const entries = new Field(
    'entries',
    new Struct([new Field('key', new Utf8(), false), new Field('value', word(), true)]),
    false,
  );
  const map = plain(vectorFromArray([{ k: 'a' }, null, { l: 'b', m: 'a' }], new Map_(entries as never)));
  assert.equal(json(map), [{ k: 'a' }, null, { l: 'b', m: 'a' }]);
  const deep = new List(new Field('item', new Struct([new Field('words', new List(item), true)]), true));
  const rows = [[{ words: ['a', null] }, { words: null }], null, [], [{ words: ['b'] }]];
  assert.equal(json(plain(vectorFromArray(rows, deep))), rows);
});

test('times and dates inside of structs come in microseconds and days', () => {
  const type = new Struct([
    new Field('at', new TimestampSecond(), true),
    new Field('day', new DateMillisecond(), true),
  ]);
  const day = new Date('2013-01-01T00:00:00Z');
  const found = plain(vectorFromArray([{ at: 1000, day }, null, { at: null, day: null }], type));
  assert.match(String(found.type), /Timestamp<MICROSECOND>.*Date32<DAY>/);
  assert.equal(json(found)[1], null);
  assert.is(Number(found.get(0)!.toJSON().day), day.getTime());
});

test('slices keep their rows', () => {
  const item = new Field('item', word(), true);
  const vector = vectorFromArray([['a'], ['b', 'c'], null, ['d']], new List(item)).slice(1, 4);
  assert.equal(json(plain(vector)), [['b', 'c'], null, ['d']]);
  assert.equal(json(plain(vectorFromArray(people, person).slice(1, 4))), people.slice(1));
});

test.run();
