const [first, second] = [2_147_483_563, 2_147_483_399];

/** The numbers that RAND gives a session: L'Ecuyer's two generators, as SQL Server seeds them. */
export class RandomNumbers {
  #left = 0;
  #right = 0;

  constructor(seed: number) {
    this.seed(seed);
  }

  seed(seed: number): void {
    this.#left = seed === 0 ? 12_345 : seed % first;
    this.#right = 67_890;
  }

  /** The next number between 0 and 1. */
  next(): number {
    this.#left = (40_014 * this.#left) % first;
    this.#right = (40_692 * this.#right) % second;
    const difference = this.#left - this.#right;
    return (difference < 1 ? difference + first - 1 : difference) * 4.656613e-10;
  }
}
