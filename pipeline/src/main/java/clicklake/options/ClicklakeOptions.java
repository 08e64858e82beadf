package clicklake.options;

import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * The options as Beam carries them, beside those of the runner. All are text as it was written
 * ({@link Option} says what each means), because Beam must be able to serialise them; null is
 * unset. Read them through {@link Settings#from}, which knows defaults and types.
 */
public interface ClicklakeOptions extends PipelineOptions {
  @Nullable String getConfig();

  void setConfig(@Nullable String value);

  @Nullable String getLake();

  void setLake(@Nullable String value);

  @Nullable String getS3Endpoint();

  void setS3Endpoint(@Nullable String value);

  @Nullable String getS3Region();

  void setS3Region(@Nullable String value);

  boolean isS3PathStyle();

  void setS3PathStyle(boolean value);

  @Nullable String getS3Sse();

  void setS3Sse(@Nullable String value);

  @Nullable String getS3KmsKey();

  void setS3KmsKey(@Nullable String value);

  @Nullable String getS3Config();

  void setS3Config(@Nullable String value);

  @Nullable String getStateDir();

  void setStateDir(@Nullable String value);

  @Nullable String getSource();

  void setSource(@Nullable String value);

  @Nullable String getLanding();

  void setLanding(@Nullable String value);

  @Nullable String getPollEvery();

  void setPollEvery(@Nullable String value);

  @Nullable String getBootstrapServers();

  void setBootstrapServers(@Nullable String value);

  @Nullable String getTopic();

  void setTopic(@Nullable String value);

  @Nullable String getDlqTopic();

  void setDlqTopic(@Nullable String value);

  @Nullable String getKafkaConfig();

  void setKafkaConfig(@Nullable String value);

  @Nullable String getDialect();

  void setDialect(@Nullable String value);

  @Nullable String getMode();

  void setMode(@Nullable String value);

  boolean isAvailableNow();

  void setAvailableNow(boolean value);

  @Nullable String getCommitEvery();

  void setCommitEvery(@Nullable String value);

  @Nullable String getDedupeHorizon();

  void setDedupeHorizon(@Nullable String value);

  @Nullable String getAllowedFuture();

  void setAllowedFuture(@Nullable String value);

  @Nullable String getMaxRecordSize();

  void setMaxRecordSize(@Nullable String value);

  @Nullable String getMaxKeptSize();

  void setMaxKeptSize(@Nullable String value);

  boolean isStrictFiles();

  void setStrictFiles(boolean value);

  boolean isAcceptGap();

  void setAcceptGap(boolean value);

  @Nullable String getIpHashKeyFile();

  void setIpHashKeyFile(@Nullable String value);

  @Nullable String getShards();

  void setShards(@Nullable String value);

  @Nullable String getMaxInFlight();

  void setMaxInFlight(@Nullable String value);

  @Nullable String getRereadAfter();

  void setRereadAfter(@Nullable String value);

  @Nullable String getLiveEvery();

  void setLiveEvery(@Nullable String value);

  @Nullable String getAllowedLateness();

  void setAllowedLateness(@Nullable String value);

  @Nullable String getRefreshGold();

  void setRefreshGold(@Nullable String value);

  @Nullable String getSmallRefresh();

  void setSmallRefresh(@Nullable String value);

  @Nullable String getClickhouse();

  void setClickhouse(@Nullable String value);

  @Nullable String getClickhouseConfig();

  void setClickhouseConfig(@Nullable String value);

  @Nullable String getLiveTopic();

  void setLiveTopic(@Nullable String value);

  boolean isRebuild();

  void setRebuild(boolean value);

  @Nullable String getEvery();

  void setEvery(@Nullable String value);

  boolean isJson();

  void setJson(boolean value);

  @Nullable String getUndecidedAfter();

  void setUndecidedAfter(@Nullable String value);

  boolean isGold();

  void setGold(boolean value);

  @Nullable String getTo();

  void setTo(@Nullable String value);

  @Nullable String getEvents();

  void setEvents(@Nullable String value);

  @Nullable String getRate();

  void setRate(@Nullable String value);

  @Nullable String getSeed();

  void setSeed(@Nullable String value);

  @Nullable String getUsers();

  void setUsers(@Nullable String value);

  @Nullable String getStartTime();

  void setStartTime(@Nullable String value);

  @Nullable String getDays();

  void setDays(@Nullable String value);

  @Nullable String getDuplicates();

  void setDuplicates(@Nullable String value);

  @Nullable String getLate();

  void setLate(@Nullable String value);

  @Nullable String getBroken();

  void setBroken(@Nullable String value);

  @Nullable String getUnknownFields();

  void setUnknownFields(@Nullable String value);

  @Nullable String getGzip();

  void setGzip(@Nullable String value);

  @Nullable String getPartitions();

  void setPartitions(@Nullable String value);

  boolean isFailover();

  void setFailover(boolean value);
}
