package clicklake.transforms.parse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/**
 * JSON texts at the edge of what is JSON, good and bad, and events that hold them as the value of
 * an unknown field. Bytes are written as ISO 8859-1.
 */
public final class NastyCorpus {
  private static final String EVENT =
      "{\"event_id\":\"3f2b8c1e-9d4a-4e6b-8a7c-5d0e1f2a3b4c\",\"schema_version\":1,"
          + "\"event_time\":\"2024-01-01T00:00:00Z\",\"user_id\":\"u\",\"page\":\"/p\","
          + "\"action\":\"view\",\"extra\":";

  private NastyCorpus() {}

  /** Values that are JSON. */
  public static List<byte[]> good() {
    List<byte[]> all = new ArrayList<>();
    for (String text :
        List.of(
            "0",
            "-0",
            "0.0",
            "-0.0e-0",
            "1E1",
            "1e+1",
            "1e-1",
            "0e99999999999999999999",
            "123456789012345678901234567890",
            "-1e999999999999",
            "0.1234567890123456789",
            "true",
            "false",
            "null",
            "\"\"",
            "[]",
            "{}",
            "[ ]",
            "{ }",
            "[[],{}]",
            " \t\r\n1 \t\r\n",
            "[1 , 2]",
            "{\"a\" : 1 , \"b\":[ ] }",
            "{\"\":0}",
            "{\"a\":1,\"a\":2}",
            "{\"a\":{\"a\":{\"a\":[]}}}",
            "\"\\u0000\"",
            "\"\\u001f\"",
            "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
            "\"\\uD83D\\uDE00\"",
            "\"\\udbff\\udfff\"",
            "\"\\uFFFF\\ufffe\\uFEFF\"",
            "\"\\u2028\\u2029\"",
            "\"\\\\u0041\"",
            "\"\\\\\\\\\"",
            "\"\u007f\"",
            "\"/* no comment */\"",
            "{\"\\u0061\":1,\"a\":2}",
            "[" + "1,".repeat(1000) + "1]",
            "[".repeat(500) + "]".repeat(500),
            "{\"a\":".repeat(400) + "1" + "}".repeat(400))) {
      all.add(text.getBytes(ISO_8859_1));
    }
    for (String text :
        List.of(
            "\"é\"",
            "\"€\"",
            "\"😀\"",
            "\"\uFEFF\"",
            "\"\uD7FF\uE000\uFFFF\"",
            "\"\u2028\"",
            "\"\u0080\u07FF\u0800\"",
            "\"\uDBFF\uDFFF\"",
            "{\"ключ\":\"значение\"}",
            "\"日本語\"")) {
      all.add(text.getBytes(UTF_8));
    }
    return all;
  }

  /** Values that are not. */
  public static List<byte[]> bad() {
    List<byte[]> all = new ArrayList<>();
    for (String text :
        List.of(
            "",
            "-",
            "+1",
            "01",
            "-01",
            "00",
            "1.",
            ".1",
            "-.1",
            "1.e1",
            "1e",
            "1e+",
            "1E-",
            "1.0e",
            "0x1",
            "1_000",
            "1,000",
            "--1",
            "1-1",
            "1 2",
            "NaN",
            "Infinity",
            "-Infinity",
            "nan",
            "1f",
            "1L",
            "TRUE",
            "True",
            "tru",
            "truee",
            "nul",
            "nulll",
            "fals",
            "undefined",
            "\"",
            "\"a",
            "'a'",
            "a",
            "\"\\\"",
            "\"\\",
            "\"\\a\"",
            "\"\\'\"",
            "\"\\0\"",
            "\"\\x41\"",
            "\"\\u\"",
            "\"\\u1\"",
            "\"\\u12\"",
            "\"\\u123\"",
            "\"\\u123g\"",
            "\"\\U0041\"",
            "\"\\u+041\"",
            "\"\\u 041\"",
            "\"\\ud800\"",
            "\"\\udc00\"",
            "\"\\ud800\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\\ud800x\"",
            "\"\\ud800\\n\"",
            "\"\\ud800\\u0041\"",
            "\"\\ud83d\\ude0\"",
            "\"\\ud83d\\u\"",
            "\"\\ud83d\\",
            "{\"\\ud800\":1}",
            "[\"ok\",{\"x\":[\"\\udfff\"]}]",
            "\"a\nb\"",
            "\"a\tb\"",
            "\"a\rb\"",
            "\"\0\"",
            "\"\u001f\"",
            "\"abcdefgh\u0001\"",
            "[",
            "]",
            "[1",
            "[1,",
            "[1,]",
            "[,1]",
            "[1,,2]",
            "[1 2]",
            "[1:2]",
            "[1}",
            "[\"a\"",
            "{",
            "}",
            "{]",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,",
            "{\"a\":1,}",
            "{,}",
            "{\"a\" 1}",
            "{\"a\"::1}",
            "{\"a\":1 \"b\":2}",
            "{a:1}",
            "{'a':1}",
            "{1:1}",
            "{null:1}",
            "{\"a\":}",
            "{\"a\":1]",
            "{\"a\",\"b\"}",
            "{{}}",
            "[[]",
            "{}}",
            "[]]",
            "[]1",
            "{}{}",
            "\"a\"\"b\"",
            "1,",
            ",1",
            "/*x*/1",
            "1//x",
            "#x\n1",
            "1;",
            "\f1",
            "\u000b1",
            "\b1",
            "\0",
            "1\0",
            "\u00a01",
            "[\u00a0]",
            "*",
            "<a/>",
            "\\u0031",
            "[".repeat(5000),
            "{\"a\":".repeat(5000),
            "[".repeat(600) + "]".repeat(599),
            "[{\"a\":".repeat(50_000))) {
      all.add(text.getBytes(ISO_8859_1));
    }
    all.add("\uFEFF{}".getBytes(UTF_8));
    all.add("{}\uFEFF".getBytes(UTF_8));
    all.add("\u20281".getBytes(UTF_8));
    all.add("１".getBytes(UTF_8));
    all.add("“a”".getBytes(UTF_8));
    all.add("[1]".getBytes(UTF_16BE));
    all.add("[1]".getBytes(UTF_16LE));
    all.addAll(notUtf8());
    return all;
  }

  /** Values that are not UTF-8. */
  public static List<byte[]> notUtf8() {
    List<byte[]> all = new ArrayList<>();
    for (String sequence :
        List.of(
            "\u0080",
            "\u00bf",
            "\u00c0\u00af",
            "\u00c1\u00bf",
            "\u00c0\u0080",
            "\u00c3",
            "\u00c3(",
            "\u00e0\u0080\u0080",
            "\u00e0\u009f\u00bf",
            "\u00e2\u0082",
            "\u00e2(\u00a1",
            "\u00e2\u0082(",
            "\u00ed\u00a0\u0080",
            "\u00ed\u00bf\u00bf",
            "\u00ed\u00a0\u00bd\u00ed\u00b8\u0080",
            "\u00f0\u0080\u0080\u0080",
            "\u00f0\u008f\u00bf\u00bf",
            "\u00f0\u009f\u0098",
            "\u00f0(\u008c\u00bc",
            "\u00f0\u0090(\u00bc",
            "\u00f0\u0090\u008c(",
            "\u00f4\u0090\u0080\u0080",
            "\u00f5\u0080\u0080\u0080",
            "\u00f8\u0088\u0080\u0080\u0080",
            "\u00fc\u0083\u00bf\u00bf\u00bf\u00bf",
            "\u00fe",
            "\u00ff",
            "caf\u00e9")) {
      all.add(("\"" + sequence + "\"").getBytes(ISO_8859_1));
      all.add(("\"12345678901234" + sequence).getBytes(ISO_8859_1));
      all.add(("{\"" + sequence + "\":1}").getBytes(ISO_8859_1));
      all.add(sequence.getBytes(ISO_8859_1));
    }
    return all;
  }

  /** An event that holds these bytes as a value. */
  public static byte[] inEvent(byte[] value) {
    return (EVENT + new String(value, ISO_8859_1) + "}").getBytes(ISO_8859_1);
  }
}
