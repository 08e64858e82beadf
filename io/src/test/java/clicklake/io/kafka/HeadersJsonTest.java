package clicklake.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class HeadersJsonTest {

  @Test
  void textStaysTextAndOtherBytesBecomeBase64() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("a", "grün \"1\"".getBytes(UTF_8));
    headers.add("a", new byte[] {(byte) 0xC3, 0x28});
    headers.add("none", null);
    headers.add("empty", new byte[0]);

    assertThat(HeadersJson.write(headers))
        .isEqualTo(
            "[{\"key\":\"a\",\"value\":\"grün \\\"1\\\"\"},{\"key\":\"a\",\"base64\":\"wyg=\"},"
                + "{\"key\":\"none\",\"value\":null},{\"key\":\"empty\",\"value\":\"\"}]");
    assertThat(HeadersJson.write(new RecordHeaders())).isNull();
  }

  @Property
  void whatWasWrittenIsRead(@ForAll @Size(max = 3) List<byte[]> values) {
    RecordHeaders headers = new RecordHeaders();
    values.forEach(value -> headers.add("k", value));

    assertThat(HeadersJson.read(HeadersJson.write(headers)))
        .isEqualTo(values.stream().<Header>map(value -> new RecordHeader("k", value)).toList());
  }
}
