/** Placeholder of stores that are being made; nothing may be committed to main with it. */
export function notYet<T extends object>(): T {
  return new Proxy({} as T, {
    get: () => () => Promise.reject(new Error("this store is not made yet")),
  });
}
