package clicklake.options;

import clicklake.options.value.NamedEnum;

/** Where events enter: what {@code stream} reads and {@code produce} writes. */
public enum SourceKind implements NamedEnum {
  LANDING("landing"),
  KAFKA("kafka");

  private final String text;

  SourceKind(String text) {
    this.text = text;
  }

  @Override
  public String text() {
    return text;
  }
}
