package clicklake.options;

import clicklake.options.value.NamedEnum;

/** How the stream's graph is run. */
public enum Mode implements NamedEnum {
  /** What suits the runner: rounds on Spark, continuous elsewhere. */
  AUTO("auto"),
  /** One unbounded pipeline. */
  CONTINUOUS("continuous"),
  /** Bounded pipelines one after the other, each up to what is there when it starts. */
  ROUNDS("rounds");

  private final String text;

  Mode(String text) {
    this.text = text;
  }

  @Override
  public String text() {
    return text;
  }
}
