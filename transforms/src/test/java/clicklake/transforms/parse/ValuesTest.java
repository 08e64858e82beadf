package clicklake.transforms.parse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

  @ParameterizedTest
  @CsvSource({
    "2000-01-01T00:00:00Z, 946684800000000",
    "1970-01-01T00:00:00+00:00, 0",
    "1970-01-01T00:00:00-00:00, 0",
    "1969-12-31T23:59:59.999999999Z, -1",
    "0000-01-01T00:00:00Z, -62167219200000000",
    "9999-12-31T23:59:59.999999Z, 253402300799999999",
    "2024-02-29T12:34:56.7Z, 1709210096700000",
    "2024-02-29T12:34:56.0000019Z, 1709210096000001",
    "2024-02-29T12:34:56.123456789Z, 1709210096123456",
  })
  void timesAreMicroseconds(String text, long micros) {
    assertThat(micros(text)).isEqualTo(micros);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2024",
        "2024-01-01",
        "2024-01-01T00:00Z",
        "2024-01-01T00:00:00",
        "2024-01-01t00:00:00Z",
        "2024-01-01T00:00:00z",
        "2024-01-01 00:00:00Z",
        "2024-01-01T00:00:00.Z",
        "2024-01-01T00:00:00.1234567890Z",
        "2024-01-01T00:00:00,1Z",
        "2024-01-01T00:00:00+0000",
        "2024-01-01T00:00:00+00",
        "2024-01-01T00:00:00+01:00",
        "2024-01-01T00:00:00-00:01",
        "2024-01-01T00:00:00ZZ",
        "2024-01-01T00:00:00Z ",
        "2024-01-01T00:00:00Z\n",
        " 2024-01-01T00:00:00Z",
        "2024-01-01T00:00:60Z",
        "2016-12-31T23:59:60Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T00:60:00Z",
        "2024-00-01T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-01-00T00:00:00Z",
        "2024-01-32T00:00:00Z",
        "2024-04-31T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2024-02-30T00:00:00Z",
        "24-01-01T00:00:00Z",
        "12024-01-01T00:00:00Z",
        "+2024-01-01T00:00:00Z",
        "2024-1-01T00:00:00Z0",
        "2024-01-01T0:00:00Z00",
        "2024-W01-1T00:00:00Z",
        "2O24-01-01T00:00:00Z",
        "２024-01-01T00:00:00Z",
        "2024-01-01T00:00:00.１Z",
        "2024-01-01T00:00:00.1",
        "2024-01-01T00:00:00.1+00:0",
        "2024-01-01T00:00:00.+00:00"
      })
  void otherTimesAreInvalid(String text) {
    assertThat(micros(text)).isEqualTo(Values.INVALID);
  }

  @Property
  void everyMicrosecondIsReadBack(
      @ForAll @LongRange(min = -62_167_219_200_000_000L, max = 253_402_300_799_999_999L)
          long micros) {
    String text = Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    assertThat(micros(text)).isEqualTo(micros);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "0.0, 0",
    "-0.00000000, 0",
    "0e9, 0",
    "0E-99999999999999999999, 0",
    "1, 10000",
    "1.5, 15000",
    "19.99, 199900",
    "0.0001, 1",
    "1.0000000000, 10000",
    "1.50000, 15000",
    "1e0, 10000",
    "1e2, 1000000",
    "1E+2, 1000000",
    "15e-1, 15000",
    "10e-5, 1",
    "1000000e-10, 1",
    "0.00001e1, 1",
    "0.0000000000000000000000001e24, 1000",
    "99999999999999.9999, 999999999999999999",
    "9.99999999999999999e13, 999999999999999999",
    "99999999999999, 999999999999990000",
    "100000000000000000000000000e-20, 10000000000",
    "1e13, 100000000000000000",
    "0.1e14, 100000000000000000",
  })
  void pricesAreTakenByTheirValue(String text, long price) {
    assertThat(price(text)).isEqualTo(price);
    assertThat(ReferenceParser.price(text)).isEqualTo(price);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "-0.0001",
        "-1e-99",
        "0.00001",
        "1.00001",
        "1e-5",
        "12345e-9",
        "100000000000000",
        "1e14",
        "0.1e15",
        "99999999999999.99999",
        "1e99999999999999999999",
        "1e2147483648",
        "1e-99999999999999999999",
        "123456789012345678901234567890",
        "9223372036854775808",
        "18446744073709551617",
        "1844674407370955.1616e5",
        "99999999999999999.9"
      })
  void otherNumbersAreNoPrices(String text) {
    assertThat(price(text)).isEqualTo(Values.INVALID);
    assertThat(ReferenceParser.price(text)).isNull();
  }

  @Property
  void everyPriceIsReadBackHoweverItIsScaled(
      @ForAll @LongRange(min = 0, max = 999_999_999_999_999_999L) long price,
      @ForAll("scales") int scale) {
    String text = price + "e" + (scale - 4);
    Long expected = ReferenceParser.price(text);
    assertThat(price(text)).isEqualTo(expected == null ? Values.INVALID : expected);
    assertThat(price(BigDecimal.valueOf(price, 4).toPlainString())).isEqualTo(price);
  }

  @Provide
  Arbitrary<Integer> scales() {
    return Arbitraries.integers().between(-20, 20);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "1, 1",
    "2147483647, 2147483647",
    "-2147483648, -2147483648",
  })
  void integersThatFitAreRead(String text, long value) {
    byte[] in = text.getBytes(UTF_8);
    assertThat(Values.integer(in, 0, in.length)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2147483648",
        "-2147483649",
        "4294967297",
        "9999999999",
        "18446744073709551617",
        "100000000000000000000000000000"
      })
  void otherIntegersAreInvalid(String text) {
    byte[] in = text.getBytes(UTF_8);
    assertThat(Values.integer(in, 0, in.length)).isEqualTo(Values.INVALID);
  }

  @Test
  void utf8IsWhatTheRuntimeSaysItIs() {
    // All sequences of up to two bytes, and of three and four around every border.
    byte[] borders =
        new byte[] {
          0,
          0x7F,
          (byte) 0x80,
          (byte) 0x8F,
          (byte) 0x90,
          (byte) 0x9F,
          (byte) 0xA0,
          (byte) 0xBF,
          (byte) 0xC0,
          (byte) 0xC2,
          (byte) 0xE0,
          (byte) 0xED,
          (byte) 0xF0,
          (byte) 0xF4,
          (byte) 0xFF
        };
    for (int a = 0; a < 256; a++) {
      agree((byte) a);
      for (int b = 0; b < 256; b++) {
        agree((byte) a, (byte) b);
      }
      for (byte b : borders) {
        for (byte c : borders) {
          agree((byte) a, b, c);
          for (byte d : borders) {
            agree((byte) a, b, c, d);
          }
        }
      }
    }
  }

  private static void agree(byte... bytes) {
    boolean sound;
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      sound = true;
    } catch (CharacterCodingException e) {
      sound = false;
    }
    if (Utf8.firstFault(bytes, 0, bytes.length) < 0 != sound) {
      throw new AssertionError(Arrays.toString(bytes) + " sound: " + sound);
    }
  }

  private static long micros(String text) {
    byte[] in = text.getBytes(UTF_8);
    return Values.micros(in, 0, in.length);
  }

  private static long price(String text) {
    byte[] in = text.getBytes(UTF_8);
    return Values.price(in, 0, in.length);
  }
}
