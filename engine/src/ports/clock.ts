/** Time comes in as an argument (invariant I10). Epoch milliseconds. */
export interface Clock {
  now(): number;
}
