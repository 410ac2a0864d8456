/** Messages in the order they came, to be handled in turns. What fills it is bounded by what its sender has to say. */
export class Inbox<Message> {
  #messages: Message[] = [];
  #next = 0;

  get some(): boolean {
    return this.#next < this.#messages.length;
  }

  put(message: Message): void {
    this.#messages.push(message);
  }

  /** Handles at least one of them, if there is one, and no further one after so many milliseconds. */
  handle(mostMs: number, handle: (message: Message) => void): void {
    const endsAt = performance.now() + mostMs;
    while (this.some) {
      const message = this.#messages[this.#next] as Message;
      this.#next += 1;
      if (!this.some) {
        this.#messages = [];
        this.#next = 0;
      }
      handle(message);
      if (performance.now() >= endsAt) return;
    }
  }
}
