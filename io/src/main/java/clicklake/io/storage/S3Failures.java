package clicklake.io.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What an object store answers, in words: thing and remedy, in a line. */
final class S3Failures {
  /** The code of an answer to a request whose time is not the store's. */
  static final String CLOCK_OFF = "RequestTimeTooSkewed";

  private S3Failures() {}

  /**
   * A failure with its remedy in the message; {@link FileNotFoundException} if there is no file.
   */
  static IOException of(S3Path path, SdkException cause) {
    if (cause instanceof S3Exception answer) {
      if (answer.statusCode() == 404 && !code(answer).equals("NoSuchBucket")) {
        FileNotFoundException missing = new FileNotFoundException(path.toString());
        missing.initCause(cause);
        return missing;
      }
      return new RemediedException(remedy(path, answer), cause);
    }
    return new RemediedException(clientRemedy(path, cause), cause);
  }

  /** The same of a listing of what others put into a bucket. */
  static IOException listing(S3Path folder, SdkException cause) {
    if (cause instanceof S3Exception answer) {
      String bucket = folder.bucket();
      if (code(answer).equals("NoSuchBucket")) {
        return new RemediedException(
            "there is no bucket " + bucket + "; create it, or correct --landing and --s3Endpoint",
            cause);
      }
      if (isRefusal(answer)) {
        return new RemediedException(
            "no access to the bucket " + bucket + "; allow s3:ListBucket on it for this prefix",
            cause);
      }
      if (code(answer).equals("SlowDown") || code(answer).equals("TooManyRequests")) {
        return new RemediedException(
            "the store asks for fewer requests; try again, or use a longer --pollEvery", cause);
      }
    }
    return of(folder, cause);
  }

  /**
   * The same of a look at, or a read of, an object that somebody else put; {@link
   * FileNotFoundException} if it is not there, or not the one that was meant.
   */
  static IOException reading(S3Path path, SdkException cause) {
    if (cause instanceof S3Exception answer) {
      int status = answer.statusCode();
      if (status == 412 || status == 416) {
        FileNotFoundException other = new FileNotFoundException(path + " is another object");
        other.initCause(cause);
        return other;
      }
      if (code(answer).equals("InvalidObjectState")) {
        return new ObjectRefusedException(
            "it is archived; restore it, or take it out of the landing folder", cause);
      }
      // The key of its encryption is refused with 400.
      if (isRefusal(answer)
          || code(answer).startsWith("KMS.")
          || code(answer).equals("InvalidRequest")) {
        return new ObjectRefusedException(
            "the store refuses it ("
                + (code(answer).isEmpty() ? status : code(answer))
                + "); allow s3:GetObject on it, and kms:Decrypt if a key encrypts it",
            cause);
      }
    }
    return of(path, cause);
  }

  /** Whether access is denied, and not the credentials themselves: a look has no code. */
  private static boolean isRefusal(S3Exception answer) {
    return code(answer).equals("AccessDenied")
        || code(answer).equals("AllAccessDisabled")
        || answer.statusCode() == 403 && code(answer).isEmpty();
  }

  /** Whether a store says of a conditional put that it knows no conditions. */
  static boolean refusesTheCondition(S3Exception answer) {
    return answer.statusCode() == 501
        || answer.statusCode() == 400 && code(answer).equals("NotImplemented");
  }

  static String code(S3Exception answer) {
    AwsErrorDetails details = answer.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  private static String remedy(S3Path path, S3Exception answer) {
    String bucket = path.bucket();
    return switch (code(answer)) {
      case "NoSuchBucket" ->
          "there is no bucket " + bucket + "; create it, or correct --lake and --s3Endpoint";
      case "ExpiredToken", "ExpiredTokenException" ->
          "the credentials have expired; renew them, or use a role that renews them itself";
      case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken" ->
          "the store does not accept the credentials ("
              + code(answer)
              + "); check the keys in --s3Config or the environment";
      case CLOCK_OFF ->
          "this machine's clock differs too much from the store's; set it right (NTP)";
      case "PermanentRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException" ->
          elsewhere(bucket, answer);
      case "AccessDenied", "AllAccessDisabled" -> noAccess(bucket);
      case "SlowDown", "TooManyRequests" ->
          "the store asks for fewer requests; try again, or use a longer --commitEvery";
      default -> byStatus(bucket, answer);
    };
  }

  private static String byStatus(String bucket, S3Exception answer) {
    if (answer.statusCode() == 400 && code(answer).isEmpty()) {
      return unsaid(bucket, answer);
    }
    return switch (answer.statusCode()) {
      case 301, 307, 308 -> elsewhere(bucket, answer);
      case 401, 403 -> noAccess(bucket);
      default ->
          "the store answered "
              + answer.statusCode()
              + (code(answer).isEmpty() ? "" : " " + code(answer))
              + "; try again, and look at the store if it stays";
    };
  }

  private static String elsewhere(String bucket, S3Exception answer) {
    return "the bucket "
        + bucket
        + region(answer).map(name -> " is in the region " + name).orElse(" is in another region")
        + "; give it as --s3Region";
  }

  /** A look has no body, and so no code: AWS answers both with 400. */
  private static String unsaid(String bucket, S3Exception answer) {
    return "the credentials have expired, or the bucket "
        + bucket
        + region(answer)
            .map(name -> ", which is in the region " + name + ", was asked for in another")
            .orElse(" is in another region")
        + " (the store answered 400 and no more); renew them, or give the region as --s3Region";
  }

  /** The bucket's region, where an answer tells it. */
  private static Optional<String> region(S3Exception answer) {
    AwsErrorDetails details = answer.awsErrorDetails();
    return details == null || details.sdkHttpResponse() == null
        ? Optional.empty()
        : details.sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region");
  }

  private static String noAccess(String bucket) {
    return "no access to the bucket "
        + bucket
        + "; allow the reading, writing, listing and deleting of objects below the lake's prefix";
  }

  private static String clientRemedy(S3Path path, SdkException cause) {
    String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    String folded = message.toLowerCase(Locale.ROOT);
    if (folded.contains("unable to load credentials")) {
      return "no credentials for "
          + path.bucket()
          + " found in the environment; give keys in --s3Config, or run with a role";
    }
    if (folded.contains("unable to load region")) {
      return "no region for " + path.bucket() + "; give it as --s3Region";
    }
    return (cause instanceof SdkClientException ? "the store was not reached" : "the call failed")
        + ": "
        + message
        + "; check --s3Endpoint and the network, and try again";
  }

  static IOException noConditionalPuts(S3Path path, Throwable cause) {
    return new RemediedException(
        "this store has no conditional puts (If-None-Match), which commits need, at "
            + path
            + "; use one that has: AWS S3, or a current version of yours",
        cause);
  }
}
