import type { CrossviewError } from '@crossview/contracts';
import { parseFactory } from '@crossview/copy';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';

const test = suite('copy: documents as people paste them');

const named = (text: string) => parseFactory(text, 'the cell').documents.map(({ kind, name }) => `${kind} ${name}`);

const spark = '{"name": "S", "properties": {"type": "Spark", "typeProperties": {}}}';
const sparkDataset = '{"name": "D", "properties": {"type": "SparkObject", "linkedServiceName": {}}}';
const fragment = '"activities": [{"name": "CopyFromSpark", "type": "Copy"}]';

test('one behind the other, with or without commas, and the documentation’s fragment', () => {
  const expected = ['linkedService S', 'dataset D', 'pipeline pipeline'];
  assert.equal(named([spark, sparkDataset, fragment].join('\n\n')), expected);
  assert.equal(named([spark, sparkDataset, fragment].join(',\n')), expected);
  assert.equal(named(`// a note\n${spark} /* { */ ${sparkDataset}\n${fragment},`), expected);
});

test('comments, trailing commas and brackets in texts', () => {
  assert.equal(named('\uFEFF{"name": "S}{", /* [ */ "properties": {"type": "Spark",},}'), ['linkedService S}{']);
});

test('an activity alone is a pipeline of its name', () => {
  assert.equal(named('{"name": "C", "type": "Copy", "typeProperties": {}}'), ['pipeline C']);
});

test('mistakes by line and column, in words', () => {
  const told = (text: string): string => {
    try {
      named(text);
    } catch (error) {
      assert.is((error as CrossviewError).code, 'COPY_JSON_INVALID');
      return (error as CrossviewError).message;
    }
    throw new Error('it was taken');
  };
  for (const [text, expected] of [
    ['{\n  "name": "S"\n  "properties": {}\n}', /the cell, line 3, column 3: a comma is expected/],
    ['{"name": "S", "properties": {', /a closing } is expected/],
    ["{'name': 'S'}", /line 1, column 2: .*double quotes/],
    [`${spark}\n}`, /line 2, column 1: a bracket closes nothing/],
    ['select 1', /an object is expected/],
    ['"text"', /an object is expected/],
    ['', /it is empty/],
    ['{"resources": []}', /template for Resource Manager/],
    ['{"name": "S"}', /neither "properties" of one resource nor/],
  ] as const)
    assert.match(told(text), expected, text);
});

test.run();
