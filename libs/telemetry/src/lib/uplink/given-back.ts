export interface GivenBack {
  add(numbers: Iterable<number>): void;
  delete(number: number): void;
  numbers(): Iterable<number>;
  clear(): void;
}

/**
 * Numbers that were sent, got no answer in time and may be sent again. A late answer to one of them counts; an answer to a
 * number that was never sent does not, whatever the hub believes. Bounded: the oldest are forgotten and simply sent again.
 */
export function createGivenBack(bound: number): GivenBack {
  const numbers = new Set<number>();
  return {
    add(more) {
      for (const number of more) {
        numbers.delete(number);
        numbers.add(number);
      }
      for (const oldest of numbers) {
        if (numbers.size <= bound) return;
        numbers.delete(oldest);
      }
    },
    delete: (number) => void numbers.delete(number),
    numbers: () => numbers,
    clear: () => numbers.clear(),
  };
}
