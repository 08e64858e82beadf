package clicklake.produce;

/** The two halves of a random UUID, version 4. */
final class EventId {
  private EventId() {}

  static long high(SeededRandom dice) {
    return (dice.next() & ~0xF000L) | 0x4000L;
  }

  static long low(SeededRandom dice) {
    return (dice.next() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
  }
}
