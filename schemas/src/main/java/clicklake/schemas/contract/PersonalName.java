package clicklake.schemas.contract;

import java.util.Locale;

/**
 * Names of fields that hold personal data. Where an event carries one of them among its unknown
 * fields, at any depth, only a pseudonym of its value leaves the restricted zone.
 *
 * <p>Names are compared without case ({@link String#equalsIgnoreCase}), underscores, hyphens and
 * blanks: {@code E-Mail} is {@link #EMAIL}, {@code first_name} is {@link #FIRSTNAME}, and {@code
 * user_name} is none of them. The same list stands in {@link ContractFiles#DATA_CONTRACT}; a name
 * is added in both places.
 */
public enum PersonalName {
  IP(true),
  IPADDRESS(true),
  CLIENTIP(true),
  REMOTEIP(true),
  REMOTEADDR(true),
  USERIP(true),
  EMAIL(false),
  EMAILADDRESS(false),
  MAIL(false),
  USEREMAIL(false),
  PHONE(false),
  PHONENUMBER(false),
  MOBILE(false),
  NAME(false),
  FIRSTNAME(false),
  LASTNAME(false),
  FULLNAME(false),
  SURNAME(false);

  private static final PersonalName[] VALUES = values();

  private final String text;
  private final boolean address;

  PersonalName(boolean address) {
    this.text = name().toLowerCase(Locale.ROOT);
    this.address = address;
  }

  /** In small letters, without anything between them. */
  public String text() {
    return text;
  }

  /** Whether its values are internet addresses, which have one pseudonym however written. */
  public boolean isAddress() {
    return address;
  }

  /** The name of an {@link #ordinal()}, without copying the array of values. */
  public static PersonalName of(int ordinal) {
    return VALUES[ordinal];
  }
}
