package clicklake.bench.events;

import java.time.LocalDate;
import java.util.List;

/** 2,000 shoppers at a time, each a Markov chain over actions until the session ends. */
final class Shop {
  /** 2026-01-15T23:50:00Z: ten minutes of events later it is midnight. */
  static final long START = 1768521000000L;

  /** The next action by the last one; the last column is the end of the session. */
  private static final double[][] CHAIN = {
    {0.45, 0.35, 0.05, 0.00, 0.15},
    {0.40, 0.20, 0.22, 0.00, 0.18},
    {0.30, 0.15, 0.10, 0.30, 0.15},
    {0.35, 0.10, 0.00, 0.00, 0.55}
  };

  private static final int VIEW = 0;
  private static final int CLICK = 1;
  private static final int ADD_TO_CART = 2;
  private static final int PURCHASE = 3;
  private static final int END = 4;

  private static final List<String> PAGES =
      List.of(
          "/",
          "/home",
          "/search",
          "/category/shoes",
          "/category/books",
          "/category/garden",
          "/product/detail",
          "/cart",
          "/checkout",
          "/account",
          "/help",
          "/deals/today",
          "/blog/caf\u00e9-culture",
          "/reviews");

  private static final List<String> REFERRERS =
      List.of(
          "https://www.google.com/search?q=running+shoes",
          "https://news.example.org/",
          "https://www.facebook.com/",
          "android-app://com.example.mail",
          "https://t.co/a1b2c3d4");

  private static final List<String> DEVICES = List.of("mobile", "desktop", "tablet", "other");

  private static final List<String> COUNTRIES =
      List.of(
          "US", "DE", "GB", "FR", "IN", "BR", "JP", "CA", "AU", "ES", "IT", "NL", "SE", "PL", "MX",
          "KR", "ZA", "NG", "AR", "CL");

  private static final List<String> SOURCES = List.of("web", "ios", "android");

  private static final List<String> PLATFORMS =
      List.of(
          "Windows NT 10.0; Win64; x64",
          "Macintosh; Intel Mac OS X 14_5",
          "iPhone; CPU iPhone OS 17_5 like Mac OS X",
          "Linux; Android 14; Pixel 8");

  private static final int USER_AGENTS = 24;

  final Dice dice;
  private final double[] users = Dice.zipf(200_000, 1.05);
  private final double[] products = Dice.zipf(20_000, 1.1);
  private final Session[] sessions = new Session[2000];
  private final StringBuilder line = new StringBuilder(600);
  private long cachedDay = -1;
  private LocalDate cachedDate;

  private static final class Session {
    private int user;
    private int product;
    private int action = -1;
    private int device;
    private int country;
    private int userAgent;
    private int source;
    private long ip;
    private String previousPage;
  }

  Shop(long seed) {
    dice = new Dice(seed);
    for (int i = 0; i < sessions.length; i++) {
      sessions[i] = begin();
    }
  }

  private Session begin() {
    Session session = new Session();
    session.user = dice.draw(users);
    session.product = dice.draw(products);
    session.device = dice.below(10) < 6 ? 0 : dice.below(DEVICES.size());
    session.country = (int) (Math.pow(dice.share(), 1.8) * COUNTRIES.size());
    session.userAgent = dice.below(USER_AGENTS);
    session.source = dice.below(SOURCES.size());
    session.ip = dice.next();
    session.previousPage = dice.share() < 0.5 ? REFERRERS.get(dice.below(REFERRERS.size())) : null;
    return session;
  }

  /** The next valid event of anybody. */
  String event(long now, Expected expected) {
    int place = dice.below(sessions.length);
    Session session = sessions[place];
    int action = nextAction(session);
    if (action == END) {
      session = begin();
      sessions[place] = session;
      action = VIEW;
    }
    session.action = action;
    long time = now - dice.below(1000);
    if (dice.share() < 0.03) {
      time = now - 1000 - dice.below(119_000);
      expected.late++;
    }
    String page = page(action);
    line.setLength(0);
    line.append("{\"event_id\":\"");
    id(line, dice.next(), dice.next());
    // The contract's version 2 is the one with products.
    boolean product = action >= ADD_TO_CART || (action == CLICK && dice.share() < 0.6);
    line.append("\",\"schema_version\":").append(product || dice.share() < 0.1 ? 2 : 1);
    line.append(",\"event_time\":\"");
    time(line, time);
    line.append("\",\"user_id\":\"u").append(1_000_000 + session.user);
    text("action", Event.ACTIONS.get(action));
    text("page", page);
    line.append('"');
    if (session.previousPage != null && dice.share() < 0.7) {
      line.append(",\"referrer\":\"").append(session.previousPage).append('"');
    }
    line.append(",\"device_type\":\"").append(DEVICES.get(session.device));
    text("country", COUNTRIES.get(session.country));
    line.append("\",\"ip_hash\":\"");
    hex(line, session.ip, 16);
    text("user_agent", userAgent(session.userAgent));
    text("source", SOURCES.get(session.source));
    line.append('"');
    if (product) {
      line.append(",\"product_id\":\"p").append(10_000 + session.product);
      line.append("\",\"price\":").append(session.product % 190 + 1).append('.');
      line.append(session.product % 10).append('9');
    }
    if (dice.share() < 0.01) {
      line.append(",\"experiment\":\"exp-").append(dice.below(5));
      line.append("\",\"ab\":{\"bucket\":").append(dice.below(10)).append('}');
      expected.rescued++;
    }
    line.append('}');
    session.previousPage = "https://shop.example.com" + page;
    expected.event(time, action, session.user);
    return line.toString();
  }

  private void text(String name, String value) {
    line.append("\",\"").append(name).append("\":\"").append(value);
  }

  private int nextAction(Session session) {
    if (session.action < 0) {
      return dice.share() < 0.85 ? VIEW : CLICK;
    }
    double share = dice.share();
    double sum = 0;
    double[] row = CHAIN[session.action];
    for (int action = 0; action < row.length; action++) {
      sum += row[action];
      if (share < sum) {
        return action;
      }
    }
    return END;
  }

  private String page(int action) {
    if (action == PURCHASE) {
      return "/checkout";
    }
    if (action == ADD_TO_CART) {
      return "/cart";
    }
    return PAGES.get(
        Math.min(PAGES.size() - 1, (int) (Math.pow(dice.share(), 1.6) * PAGES.size())));
  }

  private static String userAgent(int number) {
    return "Mozilla/5.0 ("
        + PLATFORMS.get(number % PLATFORMS.size())
        + ") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/"
        + (118 + number / 4)
        + ".0.0.0 Safari/537.36";
  }

  /** A line that breaks one of the rules that every one of the compared jobs has. */
  String invalid(long number, long now) {
    StringBuilder time = new StringBuilder();
    time(time, now);
    StringBuilder id = new StringBuilder();
    id(id, dice.next(), dice.next());
    String valid =
        "{\"event_id\":\""
            + id
            + "\",\"schema_version\":1,\"event_time\":\""
            + time
            + "\",\"user_id\":\"u77\",\"action\":\"view\",\"page\":\"/home\","
            + "\"device_type\":\"mobile\",\"country\":\"DE\",\"ip_hash\":\"0011223344556677\","
            + "\"user_agent\":\""
            + userAgent(dice.below(USER_AGENTS))
            + "\",\"source\":\"web\"}";
    return switch (dice.below(11)) {
      case 0 -> valid.substring(0, 40 + dice.below(120));
      case 1 -> "%%% not json at all " + number;
      case 2 -> valid.replace("\"event_id\":\"" + id + "\",", "");
      case 3 -> valid.replace(id, "not-a-uuid-" + number);
      case 4 -> valid.replace("\"user_id\":\"u77\",", "");
      case 5 -> valid.replace("\"view\"", "\"hover\"");
      case 6 -> valid.replace(time, "2026-13-45T99:99:99Z");
      case 7 -> valid.replace("\"event_time\":\"" + time + "\",", "");
      case 8 -> valid.replace("\"page\":\"/home\",", "");
      case 9 -> valid.replace("\"schema_version\":1", "\"schema_version\":\"two\"");
      default -> valid.replace("\"user_id\":\"u77\"", "\"user_id\":null");
    };
  }

  /** A UUID of version 4. */
  private static void id(StringBuilder to, long high, long low) {
    hex(to, high >>> 32, 8);
    to.append('-');
    hex(to, high >>> 16, 4);
    to.append("-4");
    hex(to, high, 3);
    to.append('-');
    hex(to, 8 | (low >>> 62), 1);
    hex(to, low >>> 48, 3);
    to.append('-');
    hex(to, low, 12);
  }

  private static void hex(StringBuilder to, long value, int digits) {
    for (int i = digits - 1; i >= 0; i--) {
      to.append(Character.forDigit((int) (value >>> (4 * i)) & 15, 16));
    }
  }

  private void time(StringBuilder to, long millis) {
    long day = Math.floorDiv(millis, 86_400_000L);
    if (day != cachedDay) {
      cachedDay = day;
      cachedDate = LocalDate.ofEpochDay(day);
    }
    int second = (int) (millis / 1000 % 86_400);
    int milli = (int) (millis % 1000);
    to.append(cachedDate).append('T');
    two(to, second / 3600);
    to.append(':');
    two(to, second / 60 % 60);
    to.append(':');
    two(to, second % 60);
    to.append('.').append(milli / 100);
    two(to, milli % 100);
    to.append('Z');
  }

  private static void two(StringBuilder to, int value) {
    to.append(value / 10).append(value % 10);
  }
}
