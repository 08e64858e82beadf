package clicklake.io.storage;

import java.time.Duration;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.AcquireInitialTokenResponse;
import software.amazon.awssdk.retries.api.RecordSuccessRequest;
import software.amazon.awssdk.retries.api.RecordSuccessResponse;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.RetryToken;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Retries as another strategy does, except where the store finds the clock wrong: the SDK has taken
 * the store's time by the second attempt, so a third would say nothing new.
 */
final class ClockTriedOnce implements RetryStrategy {
  private final RetryStrategy others;

  /** The other strategy's token, and whether the clock was found wrong before. */
  private record Token(RetryToken other, boolean clockTried) implements RetryToken {}

  ClockTriedOnce(RetryStrategy others) {
    this.others = others;
  }

  @Override
  public AcquireInitialTokenResponse acquireInitialToken(AcquireInitialTokenRequest request) {
    AcquireInitialTokenResponse first = others.acquireInitialToken(request);
    return AcquireInitialTokenResponse.create(new Token(first.token(), false), first.delay());
  }

  @Override
  public RefreshRetryTokenResponse refreshRetryToken(RefreshRetryTokenRequest request) {
    Token token = (Token) request.token();
    boolean clock =
        request.failure() instanceof S3Exception answer
            && S3Failures.code(answer).equals(S3Failures.CLOCK_OFF);
    if (clock && token.clockTried()) {
      throw new TokenAcquisitionFailedException("the clock is wrong", token, request.failure());
    }
    RefreshRetryTokenResponse next;
    try {
      next = others.refreshRetryToken(request.toBuilder().token(token.other()).build());
    } catch (TokenAcquisitionFailedException e) {
      Token last = new Token(e.token(), token.clockTried());
      Duration delay = e.delay().orElse(null);
      throw delay == null
          ? new TokenAcquisitionFailedException(e.getMessage(), last, e.getCause())
          : new TokenAcquisitionFailedException(e.getMessage(), last, e.getCause(), delay);
    }
    return RefreshRetryTokenResponse.create(
        new Token(next.token(), clock || token.clockTried()), next.delay());
  }

  @Override
  public RecordSuccessResponse recordSuccess(RecordSuccessRequest request) {
    Token token = (Token) request.token();
    RecordSuccessResponse recorded =
        others.recordSuccess(RecordSuccessRequest.create(token.other()));
    return RecordSuccessResponse.create(new Token(recorded.token(), token.clockTried()));
  }

  @Override
  public int maxAttempts() {
    return others.maxAttempts();
  }

  /** The other strategy has them. */
  @Override
  public boolean useClientDefaults() {
    return false;
  }

  @Override
  public Builder<?, ?> toBuilder() {
    return others.toBuilder();
  }
}
