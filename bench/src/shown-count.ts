/** A whole number as names of figures have it: 5,000. */
export function shownCount(count: number): string {
  return count.toLocaleString("en-US");
}
