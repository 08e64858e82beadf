package clicklake.jobs;

import clicklake.produce.Pace;

/** Holds a producer at a mark that somebody else moves on; below it, another pace counts. */
final class HeldPace implements Pace {
  private final Pace pace;
  private long mark;

  HeldPace(Pace pace, long mark) {
    this.pace = pace;
    this.mark = mark;
  }

  /** Lets so many records in all go out. */
  synchronized void moveTo(long records) {
    mark = records;
    notifyAll();
  }

  @Override
  public void await(long records) throws InterruptedException {
    synchronized (this) {
      while (records > mark) {
        wait();
      }
    }
    pace.await(records);
  }
}
