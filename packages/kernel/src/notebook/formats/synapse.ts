import type { Json } from '@crossview/contracts';
import { invalid, isObject, type NotebookFormat, parseJson, readCells, sameJson, splitSource } from './document.js';

/** Where a notebook of another format keeps what Synapse's has besides it. */
const ours = 'synapse';

function plainName(fileName: string): string {
  return fileName.replace(/^.*[\\/]/, '').replace(/\.\w+$/, '');
}

/** `notebook/NAME.json` of a Synapse workspace in Git: `{"name", "properties": {"folder", "bigDataPool", "metadata", "cells", …}}`. */
export const synapse: NotebookFormat = {
  name: 'synapse',
  read(text, fileName) {
    const value = parseJson(text, fileName);
    const properties = isObject(value) ? value.properties : undefined;
    if (!isObject(value) || !isObject(properties)) throw invalid(fileName, 'it has no "properties"');
    const { properties: _properties, ...top } = value;
    const { cells, metadata, nbformat = 4, nbformat_minor = 2, ...rest } = properties;
    const known = isObject(metadata) ? metadata : {};
    // A name that is the file's own says nothing.
    const plain = Object.keys(rest).length === 0 && sameJson(top, { name: plainName(fileName) });
    return {
      cells: readCells(cells, fileName),
      metadata: plain ? known : { ...known, [ours]: { ...top, properties: rest } },
      nbformat: Number(nbformat),
      nbformat_minor: Number(nbformat_minor),
    };
  },
  write({ cells, metadata, nbformat, nbformat_minor }, fileName) {
    const { [ours]: kept, ...others } = metadata;
    const { properties, ...top } = isObject(kept) ? kept : ({} as { [key: string]: Json });
    const { description, folder, ...rest } = isObject(properties) ? properties : ({} as { [key: string]: Json });
    return `${JSON.stringify(
      {
        ...(isObject(kept) ? top : { name: plainName(fileName) }),
        // In the order of Synapse Studio.
        properties: {
          ...(description === undefined ? {} : { description }),
          ...(folder === undefined ? {} : { folder }),
          nbformat,
          nbformat_minor,
          ...rest,
          metadata: others,
          cells: cells.map((cell) => ({ ...cell, source: splitSource(cell.source) })),
        },
      },
      null,
      '\t',
    )}\n`;
  },
};
