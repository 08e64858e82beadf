package clicklake.transforms.parse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressesTest {

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
    "192.0.2.10, 192.0.2.10",
    "::, ::",
    "::1, ::1",
    "1::, 1::",
    "0:0:0:0:0:0:0:0, ::",
    "2001:DB8::8:800:200C:417A, 2001:db8::8:800:200c:417a",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:0db8:0000:0000:0000:ff00:0042:8329, 2001:db8::ff00:42:8329",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
    "1:0:0:0:5:0:0:0, 1::5:0:0:0",
    "fe80::, fe80::",
    "::13.1.68.3, ::d01:4403",
    "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
    "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
    "::ffff:129.144.52.38, 129.144.52.38",
    "::FFFF:8190:3426, 129.144.52.38",
    "0:0:0:0:0:ffff:0.0.0.0, 0.0.0.0",
  })
  void addressesHaveOneCanonicalText(String text, String canonical) {
    assertThat(canonical(text)).isEqualTo(canonical);
    assertThat(canonical(canonical)).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.4.",
        ".1.2.3.4",
        "1..2.3",
        "01.2.3.4",
        "1.2.3.00",
        "256.1.1.1",
        "1.2.3.1000",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1.2.3.4\n",
        "0x1.2.3.4",
        "1.2.3.-4",
        "1,2,3,4",
        ":",
        ":::",
        "1:",
        ":1",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8:",
        ":1:2:3:4:5:6:7:8",
        "1::2::3",
        "1:::2",
        "::1:",
        ":1::",
        "12345::",
        "::g",
        "::1%eth0",
        "[::1]",
        "::1/64",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1:2:3:4::5:6:7:8",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "::1.2.3",
        "::01.2.3.4",
        "::256.2.3.4",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1:2:3:4:5:6::1.2.3.4",
        "::1.2.3.4.5",
        "localhost",
        "：：1",
        "١.2.3.4"
      })
  void otherTextsAreNoAddresses(String text) {
    assertThat(canonical(text)).isNull();
  }

  @Property
  void canonicalTextsMeanTheSameAddress(@ForAll @Size(16) byte[] address)
      throws UnknownHostException {
    InetAddress expected = InetAddress.getByAddress(address);
    String canonical = canonical(expected.getHostAddress());
    assertThat(InetAddress.getByName(canonical)).isEqualTo(expected);
    assertThat(canonical(canonical)).isEqualTo(canonical);
  }

  @Property
  void sparseAddressesMeanTheSameToo(@ForAll @Size(16) byte[] address, @ForAll short zeros)
      throws UnknownHostException {
    for (int group = 0; group < 8; group++) {
      if ((zeros & 1 << group) != 0) {
        address[2 * group] = 0;
        address[2 * group + 1] = 0;
      }
    }
    canonicalTextsMeanTheSameAddress(address);
  }

  private static @Nullable String canonical(String text) {
    byte[] in = text.getBytes(UTF_8);
    byte[] out = new byte[IpAddresses.LONGEST];
    int length = IpAddresses.canonical(in, 0, in.length, out, new int[8]);
    return length < 0 ? null : new String(out, 0, length, UTF_8);
  }
}
