package clicklake.options;

import clicklake.io.clickhouse.ClickHouseClient;
import clicklake.io.clickhouse.ClickHouseSettings;
import clicklake.options.value.DurationText;
import clicklake.options.value.NearestName;
import clicklake.options.value.RawValue;
import clicklake.options.value.SizeText;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns texts into values and collects what is wrong with them. A faulty value reads as its
 * default, so that reading goes on and finds the other faults.
 */
final class ValueReader {
  private static final Pattern SERVER =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\s:,/\\[\\]]+):([0-9]{1,5})");
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):/.*");
  private static final Instant EARLIEST_EVENT = Instant.parse("2000-01-01T00:00:00Z");

  private final Job job;
  private final Map<Option, RawValue> given;
  private final List<String> faults;
  private final Set<Option> faulty = EnumSet.noneOf(Option.class);

  ValueReader(Job job, Map<Option, RawValue> given, List<String> faults) {
    this.job = job;
    this.given = given;
    this.faults = faults;
  }

  void fault(String fault) {
    faults.add(fault);
  }

  boolean hasFault(Option option) {
    return faulty.contains(option);
  }

  String topic(Option option) {
    return read(option, ValueReader::topicOf);
  }

  @Nullable String optionalTopic(Option option) {
    return this.<@Nullable String>readOptional(option, ValueReader::topicOf, null);
  }

  private static String topicOf(String text) {
    if (!TOPIC.matcher(text).matches() || text.equals(".") || text.equals("..")) {
      throw new IllegalArgumentException(
          "is not a topic's name; use up to 249 letters, digits, dots, underscores and hyphens");
    }
    return text;
  }

  @Nullable String servers(Option option) {
    return this.<@Nullable String>readOptional(
        option,
        text -> {
          for (String server : text.split(",", -1)) {
            var parts = SERVER.matcher(server.trim());
            if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65_535) {
              throw new IllegalArgumentException(
                  "is not a list of brokers; write host:port,host:port");
            }
          }
          return text.replace(" ", "");
        },
        null);
  }

  boolean flag(Option option) {
    return read(
        option,
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("is neither true nor false");
            });
  }

  Duration duration(Option option, Duration least) {
    return read(option, text -> durationOf(text, least));
  }

  @Nullable Duration optionalDuration(Option option, Duration least) {
    return this.<@Nullable Duration>readOptional(option, text -> durationOf(text, least), null);
  }

  private static Duration durationOf(String text, Duration least) {
    Duration duration = DurationText.parse(text);
    if (duration.compareTo(least) < 0 || duration.toDays() > 36_500) {
      throw new IllegalArgumentException(
          "is out of range; it must be from " + DurationText.print(least) + " to 36500d");
    }
    return duration;
  }

  long size(Option option, long least, long most) {
    return read(
        option,
        text -> {
          long bytes = SizeText.parse(text);
          if (bytes < least || bytes > most) {
            throw new IllegalArgumentException(
                "is out of range; it must be from "
                    + SizeText.print(least)
                    + " to "
                    + SizeText.print(most));
          }
          return bytes;
        });
  }

  long count(Option option, long least, long most) {
    return whole(option, least, most);
  }

  long whole(Option option, long least, long most) {
    return read(option, text -> wholeOf(text, least, most));
  }

  long optionalCount(Option option, long least, long most, long otherwise) {
    return readOptional(option, text -> wholeOf(text, least, most), otherwise);
  }

  private static long wholeOf(String text, long least, long most) {
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("is not a whole number", e);
    }
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "is out of range; it must be from " + least + " to " + most);
    }
    return value;
  }

  double share(Option option) {
    return number(option, 0, 1);
  }

  double number(Option option, double least, double most) {
    return read(
        option,
        text -> {
          double value;
          try {
            value = new BigDecimal(text).doubleValue();
          } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is not a number", e);
          }
          if (value < least || value > most) {
            throw new IllegalArgumentException(
                "is out of range; it must be from "
                    + BigDecimal.valueOf(least).stripTrailingZeros().toPlainString()
                    + " to "
                    + BigDecimal.valueOf(most).stripTrailingZeros().toPlainString());
          }
          return value;
        });
  }

  /** A time, or {@code now}. */
  Instant time(Option option) {
    return read(
        option,
        text -> {
          if (text.equals("now")) {
            return Instant.now();
          }
          try {
            Instant time = Instant.parse(text);
            if (!time.isBefore(EARLIEST_EVENT)) {
              return time;
            }
          } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                "is not a time; write 2024-01-01T00:00:00Z, or now", e);
          }
          throw new IllegalArgumentException("is before 2000-01-01, when event times begin");
        });
  }

  <T> T choice(Option option, T[] choices, Function<T, String> textOf) {
    return read(
        option,
        text -> {
          for (T choice : choices) {
            if (textOf.apply(choice).equals(text)) {
              return choice;
            }
          }
          List<String> words = Stream.of(choices).map(textOf).toList();
          throw new IllegalArgumentException(
              words.stream().collect(Collectors.joining(", ", "is none of ", ""))
                  + NearestName.hint("", text, words));
        });
  }

  String text(Option option) {
    return read(option, text -> text);
  }

  void ifGiven(Option option, Consumer<String> reader) {
    RawValue value = given.get(option);
    if (value != null) {
      reader.accept(value.text());
    }
  }

  @Nullable Path optionalPath(Option option) {
    return this.<@Nullable Path>readOptional(option, ValueReader::pathOf, null);
  }

  /** How to reach the ClickHouse that is named; null if none is. */
  @Nullable ClickHouseSettings clickHouse(Map<String, String> properties) {
    return this.<@Nullable ClickHouseSettings>readOptional(
        Option.CLICKHOUSE,
        address -> {
          try {
            ClickHouseSettings settings = ClickHouseSettings.of(address, properties);
            // Certificates that are none are told now.
            new ClickHouseClient(settings);
            return settings;
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("cannot be used: " + e.getMessage(), e);
          }
        },
        null);
  }

  /** A folder of this machine or a bucket, absolute, without a slash at its end. */
  URI location(Option option) {
    return read(
        option,
        text -> {
          var parts = SCHEME.matcher(text);
          if (!parts.matches()) {
            return uriOf(pathOf(text));
          }
          try {
            URI uri = URI.create(text.replaceAll("(?<=[^/])/+$", ""));
            switch (parts.group(1)) {
              case "s3" -> {
                if (uri.getAuthority() != null) {
                  return uri;
                }
              }
              case "file" -> {
                return uriOf(Path.of(uri));
              }
              default -> {}
            }
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not a URI: " + e.getMessage(), e);
          }
          throw new IllegalArgumentException("is neither a folder nor s3://bucket/prefix");
        });
  }

  private static Path pathOf(String text) {
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("is not a path", e);
    }
  }

  /** Unlike {@link Path#toUri}, the same whether the folder exists or not. */
  private static URI uriOf(Path path) {
    String uri = path.toAbsolutePath().normalize().toUri().toString();
    return URI.create(
        uri.endsWith("/") && !uri.equals("file:///") ? uri.substring(0, uri.length() - 1) : uri);
  }

  /** What a file holds, if the job reads the option and it is set. */
  <T extends @Nullable Object> T file(Option option, Settings.FileReader<T> reader, T otherwise) {
    if (!option.jobs().contains(job)) {
      return otherwise;
    }
    return readOptional(
        option,
        text -> {
          Path file = pathOf(text);
          if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("is no file");
          }
          try {
            return reader.read(file);
          } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("is not UTF-8 text", e);
          } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read: " + e, e);
          }
        },
        otherwise);
  }

  private <T> T read(Option option, Function<String, T> parse) {
    String defaultText = option.defaultText();
    if (defaultText == null) {
      throw new IllegalStateException(option.key() + " has no default");
    }
    RawValue value = given.get(option);
    if (value == null) {
      return parse.apply(defaultText);
    }
    try {
      return parse.apply(value.text());
    } catch (IllegalArgumentException e) {
      addFault(option, value, e);
      return parse.apply(defaultText);
    }
  }

  private <T extends @Nullable Object> T readOptional(
      Option option, Function<String, ? extends T> parse, T otherwise) {
    RawValue value = given.get(option);
    if (value == null) {
      return otherwise;
    }
    try {
      return parse.apply(value.text());
    } catch (IllegalArgumentException e) {
      addFault(option, value, e);
      return otherwise;
    }
  }

  private void addFault(Option option, RawValue value, IllegalArgumentException e) {
    faulty.add(option);
    faults.add(
        option.key()
            + "="
            + Secrets.mask(option.key(), value.text())
            + " ("
            + value.origin()
            + "): "
            + e.getMessage());
  }
}
