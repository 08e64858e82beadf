package clicklake.options;

/** The command line itself is not one: no job, an unknown job word. */
public final class UsageException extends ConfigException {
  private static final long serialVersionUID = 1L;

  public UsageException(String fault) {
    super(fault);
  }
}
