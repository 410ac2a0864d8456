/** What hostile keys would reach for: everything inherits from the first, and data of ours is made of the others. */
const PROTOTYPES: readonly object[] = [
  Object.prototype,
  Array.prototype,
  Function.prototype,
  String.prototype,
  Number.prototype,
  Boolean.prototype,
  Map.prototype,
  Set.prototype,
  Promise.prototype,
  RegExp.prototype,
  Date.prototype,
  Error.prototype,
];

/**
 * Nothing can be added to these any more, and `__proto__` reads and sets nothing: it throws, as under `node --disable-proto=throw`.
 * Sealed and not frozen: a frozen `toString` makes each `this.toString = …` of a library throw. First thing of the process and of
 * each thread, so that it holds however either was started.
 */
export function sealPrototypes(): void {
  const proto = Object.getOwnPropertyDescriptor(Object.prototype, "__proto__");
  if (proto?.configurable === true) {
    const refuse = (): never => {
      throw new TypeError("__proto__ is switched off here.");
    };
    // oxlint-disable-next-line no-extend-native -- it is taken away, nothing is added
    Object.defineProperty(Object.prototype, "__proto__", { get: refuse, set: refuse });
  }
  for (const prototype of PROTOTYPES) Object.seal(prototype);
}
