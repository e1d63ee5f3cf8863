/** Thrown by {@link ByteReader} when a value is cut off. A signal to wait for more bytes, not a fault of the peer. */
export class NotEnoughBytes extends Error {
  constructor() {
    super('the value goes on in bytes that have not arrived');
    this.name = 'NotEnoughBytes';
  }
}

/** A type of MS-TDS that is well-formed and not spoken here: the request is refused, the connection goes on. */
export class UnsupportedType extends Error {
  /** As Transact-SQL names it: `xml`, `sql_variant`. */
  readonly typeName: string;

  constructor(typeName: string) {
    super(`the type ${typeName} is not supported`);
    this.name = 'UnsupportedType';
    this.typeName = typeName;
  }
}

/** Bytes that no further byte can make right. The connection is lost after one. */
export class MalformedBytes extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'MalformedBytes';
  }
}
