/** Type codes of the binary protocol (Thrift specification, "Binary protocol encoding"). */
export const wire = {
  stop: 0,
  bool: 2,
  i8: 3,
  double: 4,
  i16: 6,
  i32: 8,
  i64: 10,
  string: 11,
  struct: 12,
  map: 13,
  set: 14,
  list: 15,
};

export const fixedSize: Readonly<Record<number, number>> = {
  [wire.bool]: 1,
  [wire.i8]: 1,
  [wire.double]: 8,
  [wire.i16]: 2,
  [wire.i32]: 4,
  [wire.i64]: 8,
};

/** Nothing that a Thrift server sends is longer than this; a longer length is somebody else's bytes. */
const longest = 0x7000_0000;

/** Where a message ends, fed piece by piece: what an unframed stream needs. Each byte is looked at once. */
export class MessageEnd {
  #scan: Generator<number, number, Buffer>;
  #wanted: number;

  constructor() {
    this.#scan = scanMessage();
    this.#wanted = this.#scan.next().value;
  }

  /** Bytes that must be there before it is worth asking again. */
  get wanted(): number {
    return this.#wanted;
  }

  /**
   * @param message all bytes since the message's first.
   * @returns the message's length once it is complete.
   * @throws RangeError for bytes that cannot be a Thrift message.
   */
  find(message: Buffer): number | undefined {
    while (message.length >= this.#wanted) {
      const step = this.#scan.next(message);
      if (step.done) return step.value;
      this.#wanted = step.value;
    }
    return undefined;
  }
}

function* scanMessage(): Generator<number, number, Buffer> {
  let bytes = yield 8;
  if (bytes.readUInt16BE(0) !== 0x8001) throw new RangeError('no message header');
  const nameLength = bytes.readInt32BE(4);
  if (nameLength < 0 || nameLength > 200) throw new RangeError('no method name');
  let position = 12 + nameLength;
  // Structs and lists that are open, innermost last: a struct is -1, a list is its element type and what is left of it.
  const open: { type: number; left: number }[] = [{ type: -1, left: 0 }];

  while (open.length > 0) {
    const top = open[open.length - 1]!;
    let type: number;
    if (top.type === -1) {
      if (bytes.length < position + 1) bytes = yield position + 1;
      type = bytes[position]!;
      position += 1;
      if (type === wire.stop) {
        open.pop();
        continue;
      }
      position += 2;
    } else {
      if (top.left === 0) {
        open.pop();
        continue;
      }
      if (top.type === wire.string) {
        // The long way of a result: strings one behind the other.
        let left = top.left;
        while (left > 0) {
          if (bytes.length < position + 4) bytes = yield position + 4;
          const length = bytes.readInt32BE(position);
          if (length < 0 || length > longest) throw new RangeError('no length of a string');
          position += 4 + length;
          left -= 1;
        }
        open.pop();
        continue;
      }
      top.left -= 1;
      type = top.type;
    }
    const fixed = fixedSize[type];
    if (fixed !== undefined) position += fixed;
    else if (type === wire.string) {
      if (bytes.length < position + 4) bytes = yield position + 4;
      const length = bytes.readInt32BE(position);
      if (length < 0 || length > longest) throw new RangeError('no length of a string');
      position += 4 + length;
    } else if (type === wire.struct) open.push({ type: -1, left: 0 });
    else if (type === wire.list || type === wire.set) {
      if (bytes.length < position + 5) bytes = yield position + 5;
      const element = bytes[position]!;
      const count = bytes.readInt32BE(position + 1);
      if (count < 0 || count > longest) throw new RangeError('no length of a list');
      position += 5;
      const size = fixedSize[element];
      if (size !== undefined) position += size * count;
      else open.push({ type: element === wire.struct ? wire.struct : element, left: count });
    } else if (type === wire.map) {
      if (bytes.length < position + 6) bytes = yield position + 6;
      const count = bytes.readInt32BE(position + 2);
      if (count < 0 || count > 1_000_000) throw new RangeError('no length of a map');
      const key = bytes[position]!;
      const value = bytes[position + 1]!;
      position += 6;
      for (let index = 0; index < count; index += 1) open.push({ type: value, left: 1 }, { type: key, left: 1 });
    } else throw new RangeError(`no field type ${type}`);
    if (open.length > 100_000) throw new RangeError('nested too deep');
  }
  if (bytes.length < position) yield position;
  return position;
}
