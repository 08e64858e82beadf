package clicklake.schemas.contract;

import java.util.BitSet;
import java.util.List;

/**
 * The 249 officially assigned country codes of ISO 3166-1 alpha-2. The list is the contract's own,
 * so that no change of the Java runtime changes which events are valid.
 */
public final class Countries {
  private static final String ASSIGNED =
      "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR"
          + " BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK"
          + " DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP"
          + " GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE"
          + " KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH"
          + " MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ"
          + " OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH"
          + " SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV"
          + " TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

  private static final List<String> CODES = List.of(ASSIGNED.split(" ", -1));
  private static final BitSet ASSIGNED_PAIRS = new BitSet(26 * 26);

  static {
    for (String code : CODES) {
      ASSIGNED_PAIRS.set((code.charAt(0) - 'A') * 26 + code.charAt(1) - 'A');
    }
  }

  private Countries() {}

  /** All codes, in order. */
  public static List<String> codes() {
    return CODES;
  }

  /** Whether two ASCII characters are an assigned code. */
  public static boolean isAssigned(int first, int second) {
    return first >= 'A'
        && first <= 'Z'
        && second >= 'A'
        && second <= 'Z'
        && ASSIGNED_PAIRS.get((first - 'A') * 26 + second - 'A');
  }
}
